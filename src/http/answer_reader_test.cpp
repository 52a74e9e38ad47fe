#include "http/answer_reader.hpp"

#include <string>

#include <gtest/gtest.h>

namespace keystead::http {
namespace {

constexpr std::size_t kBodyMax = 100;

std::string read_in_portions(std::string_view bytes, std::size_t portion) {
  AnswerReader reader(kBodyMax);
  auto complete = Result<bool>(false);
  while (complete && !*complete && !bytes.empty()) {
    complete = reader.read(bytes.substr(0, portion));
    bytes.remove_prefix(std::min(portion, bytes.size()));
  }
  if (!complete) return complete.error().private_detail;
  if (!*complete) {
    auto ended = reader.end();
    if (!ended) return ended.error().private_detail;
  }
  auto answer = reader.take();
  return std::to_string(answer.status) + " " + answer.body;
}

// The same in whatever portions it comes.
std::string read(std::string const& bytes) {
  auto whole = read_in_portions(bytes, bytes.size() + 1);
  for (std::size_t portion : {1u, 3u, 50u}) {
    EXPECT_EQ(read_in_portions(bytes, portion), whole) << portion << " at a time: " << bytes;
  }
  return whole;
}

TEST(AnswerReader, ReadsBodiesHoweverTheyAreFramed) {
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"), "200 body");
  EXPECT_EQ(
      read(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n"
          "Trailer: x\r\n\r\n"
      ),
      "200 body"
  );
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\nbody"), "200 body");
  EXPECT_EQ(read("HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "404 ");
  EXPECT_EQ(read("HTTP/1.1 204 No Content\r\n\r\n"), "204 ");
  EXPECT_EQ(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"), "304 ");
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyHTTP/1.1 500 X\r\n"), "200 body");
}

TEST(AnswerReader, PassesOverInterimAnswers) {
  std::string hints = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
  std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody";
  EXPECT_EQ(read(hints + "HTTP/1.1 100 Continue\r\n\r\n" + good), "200 body");
  EXPECT_EQ(
      read(hints + hints + hints + hints + hints + good),
      "the answer: There are too many before it."
  );
  EXPECT_EQ(
      read("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
      "the answer: It changes to a protocol that was not asked for."
  );
}

TEST(AnswerReader, Attack24RefusesMoreThanTheLimit) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  std::string too_much(kBodyMax + 1, 'x');
  std::string all(kBodyMax, 'x');
  EXPECT_EQ(read(head + "Content-Length: 100\r\n\r\n" + all), "200 " + all);
  EXPECT_EQ(read(head + "\r\n" + all), "200 " + all);
  std::string refused = "the answer: The body is too large.";
  EXPECT_EQ(read(head + "Content-Length: 1000000000\r\n\r\n"), refused) << "and at once";
  EXPECT_EQ(read(head + "\r\n" + too_much), refused);
  std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(read(chunked + "65\r\n" + too_much), refused);
  EXPECT_EQ(read(chunked + "64\r\n" + all + "\r\n1\r\nx\r\n0\r\n\r\n"), refused);
}

TEST(AnswerReader, Attack24RefusesHeadsAndLinesWithoutEnd) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  std::string endless(40'000, 'x');
  EXPECT_EQ(read(head + "X: " + endless), "the answer: The header fields are too large.");
  auto chunk = read(head + "Transfer-Encoding: chunked\r\n\r\n1;x=" + endless);
  EXPECT_TRUE(chunk.starts_with("the answer: ")) << chunk;
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "X" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(read(head + many + "\r\n"), "the answer: The header fields are too large.");
  auto trailers = read(head + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + many + many);
  EXPECT_TRUE(trailers.starts_with("the answer: ")) << trailers;
}

TEST(AnswerReader, RefusesDoubtfulFraming) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (std::string rest : {
           "Content-Length: 4\r\nContent-Length: 5\r\n\r\nbodyx",
           "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
           "Transfer-Encoding: gzip\r\n\r\nbody",
           "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
           "Transfer-Encoding: chunked\r\n\r\nx\r\nbody",
           "Transfer-Encoding: chunked\r\n\r\n2\r\nbody\r\n0\r\n\r\n",
           "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n",
           "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
           "Content-Length: -1\r\n\r\n",
           "Content-Length: 4x\r\n\r\nbody",
           "Content-Length: 5\r\n\r\nbody",
           "X : y\r\n\r\n",
           "no colon\r\n\r\n",
           "X: y\r\n folded\r\n\r\n",
           "X: y\rz\r\n\r\n",
           "X: y\n\r\n",
           "Transfer-Encoding: chunked\r\n\r\n4;x=y\r\nbody\r\n0\r\n\r\n",
       }) {
    EXPECT_TRUE(read(head + rest).starts_with("the answer: ")) << rest;
  }
  for (std::string whole :
       {"",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK\r\nX: y\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 099 X\r\n\r\n",
        "HTTP/1.1 600 X\r\n\r\n",
        "HTTP/1.1 20 X\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "GET / HTTP/1.1\r\n\r\n"}) {
    EXPECT_TRUE(read(whole).starts_with("the answer: ")) << whole;
  }
}

TEST(AnswerReader, RefusesACompressedBody) {
  EXPECT_EQ(
      read("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbody"),
      "the answer: The body is compressed."
  );
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\nbody"), "200 body");
}

TEST(AnswerReader, FindsHeadersWhateverTheirCase) {
  AnswerReader reader(kBodyMax);
  ASSERT_TRUE(
      *reader.read("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\ncontent-length: 0\r\n\r\n")
  );
  auto answer = reader.take();
  EXPECT_EQ(answer.find("cache-control"), "max-age=60");
  EXPECT_EQ(answer.find("Content-Type"), "");
}

}  // namespace
}  // namespace keystead::http
