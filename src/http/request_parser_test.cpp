#include "http/request_parser.hpp"

#include <cctype>
#include <string>

#include <gtest/gtest.h>

namespace keystead::http {
namespace {

using Progress = RequestParser::Progress;

// What became of `input`, as one line of text. `portion` bytes are shown at a time, and the bytes
// move before each.
std::string read_in_portions(std::string_view input, RequestLimits limits, std::size_t portion) {
  RequestParser parser(limits);
  std::string buffer;
  std::string rendered;
  auto progress = Progress::need_more;
  while (progress == Progress::need_more && !input.empty()) {
    std::string moved(buffer);
    moved += input.substr(0, portion);
    moved.shrink_to_fit();
    buffer.swap(moved);
    input.remove_prefix(std::min(portion, input.size()));
    while (true) {
      std::span<char> message(buffer);
      progress = parser.read(message);
      buffer.resize(message.size());
      if (progress != Progress::complete) break;
      Request const& request = parser.request();
      rendered += std::string(request.method_text) + " " + std::string(request.path);
      if (!request.query.empty()) rendered += "?" + std::string(request.query);
      if (!request.body.empty()) rendered += " body=" + std::string(request.body);
      rendered += parser.keep_alive() ? "; " : "; close ";
      buffer.erase(0, parser.size());
      parser.reset();
      progress = Progress::need_more;
      if (buffer.empty()) break;
    }
  }
  if (progress == Progress::refused) return rendered + std::to_string(parser.refusal().status);
  return rendered + (buffer.empty() ? "end" : "more");
}

std::string read(std::string_view input, RequestLimits limits = {}) {
  auto whole = read_in_portions(input, limits, input.size());
  for (std::size_t portion : {1u, 2u, 7u}) {
    EXPECT_EQ(read_in_portions(input, limits, portion), whole)
        << portion << " at a time: " << input;
  }
  return whole;
}

std::string get(std::string_view target) {
  return read("GET " + std::string(target) + " HTTP/1.1\r\nHost: a.example\r\n\r\n");
}

std::string with_headers(std::string_view lines, std::string_view body = {}) {
  return read(
      "POST / HTTP/1.1\r\nHost: a.example\r\n" + std::string(lines) + "\r\n" + std::string(body)
  );
}

std::string chunked(std::string_view body, RequestLimits limits = {}) {
  return read(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body), limits
  );
}

TEST(RequestParser, ReadsRequestsOneAfterAnother) {
  EXPECT_EQ(get("/v1/x?a=1"), "GET /v1/x?a=1; end");
  EXPECT_EQ(
      read(
          "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
          "GET /b HTTP/1.1\r\nhost:a:80\r\nConnection: foo, Close\r\n\r\n"
      ),
      "POST /a body=hello; GET /b; close end"
  );
  EXPECT_EQ(read("GET / HTTP/1.0\r\n\r\n"), "GET /; close end");
  EXPECT_EQ(read("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), "GET /; end");
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\n"), "more");
  EXPECT_EQ(with_headers("Content-Length: 10\r\n", "12345"), "more");
}

TEST(RequestParser, GivesHeadersHostAndMethod) {
  std::string text = "DELETE /x HTTP/1.1\r\nHost: [::1]:8080\r\nX-One: \t a  b \r\nX-Two:\r\n\r\n";
  RequestParser parser({});
  std::span<char> message(text);
  ASSERT_EQ(parser.read(message), Progress::complete);
  Request const& request = parser.request();
  EXPECT_EQ(request.method, Method::del);
  EXPECT_EQ(request.host, "[::1]:8080");
  EXPECT_EQ(request.headers.size(), 3u);
  EXPECT_EQ(find_header(request, "x-one"), "a  b");
  EXPECT_EQ(find_header(request, "X-TWO"), "");
}

TEST(RequestParser, Attack113RefusesAControlCharacterWhereverItStands) {
  for (std::size_t length = 1; length <= 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (char c : {'\0', '\x01', '\r', '\x1f', '\x7f'}) {
        std::string value(length, 'v');
        value[at] = c;
        EXPECT_EQ(with_headers("X: " + value + "\r\n"), "400") << length << " " << at;
      }
    }
    std::string harmless(length, '\x80');
    harmless.insert(length / 2, "a\tb\xff~ ");
    EXPECT_EQ(with_headers("X: " + harmless + "\r\n"), "POST /; end");
  }
}

TEST(EqualsIgnoringCase, FoldsLettersAndNothingElse) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      bool same = a == b || (a < 0x80 && b < 0x80 && std::isalpha(a) && (a ^ b) == 0x20);
      for (std::size_t length : {1u, 7u, 8u, 9u, 17u}) {
        for (std::size_t at : {std::size_t{0}, length / 2, length - 1}) {
          std::string left(length, 'x'), right(length, 'X');
          left[at] = static_cast<char>(a);
          right[at] = static_cast<char>(b);
          ASSERT_EQ(equals_ignoring_case(left, right), same) << a << " " << b << " of " << length;
        }
      }
    }
  }
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("a", ""));
}

TEST(RequestParser, JoinsChunksInPlaceAndDropsTrailers) {
  EXPECT_EQ(chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"), "POST / body=hello world; end");
  EXPECT_EQ(
      chunked(
          "a\r\n0123456789\r\n0\r\nContent-Length: 3\r\nX: y\r\n\r\nGET /n HTTP/1.1\r\nHost: "
          "a\r\n\r\n"
      ),
      "POST / body=0123456789; GET /n; end"
  );
  EXPECT_EQ(chunked("0\r\n\r\n"), "POST /; end");
  EXPECT_EQ(chunked("0000000B\r\nhello world\r\n0\r\n\r\n"), "POST / body=hello world; end");
}

TEST(RequestParser, ABodyOfTinyChunksTakesNoMoreRoomThanItsData) {
  RequestParser parser({});
  std::string buffer = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::size_t head = buffer.size();
  for (int i = 0; i < 1000; ++i) {
    buffer += "1\r\nx\r\n";
    std::span<char> message(buffer);
    ASSERT_EQ(parser.read(message), Progress::need_more);
    buffer.resize(message.size());
  }
  EXPECT_EQ(buffer.size(), head + 1000);
}

TEST(RequestParser, KnowsAClientThatWaitsToContinue) {
  std::string text =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\nhi";
  RequestParser parser({});
  auto head = std::span<char>(text).first(text.size() - 2);
  EXPECT_EQ(parser.read(head), Progress::need_more);
  EXPECT_TRUE(parser.awaits_continue(head));
  std::span<char> more = std::span<char>(text).first(text.size() - 1);
  EXPECT_EQ(parser.read(more), Progress::need_more);
  EXPECT_FALSE(parser.awaits_continue(more)) << "part of the body is here";
  EXPECT_EQ(with_headers("Expect: 200-ok\r\n"), "417");
}

TEST(RequestParser, Attack113RefusesAmbiguousFraming) {
  std::string_view const lines[] = {
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
      "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
      "Content-Length: 5\r\nContent-Length: 5\r\n",
      "Content-Length: 5\r\nContent-Length: 6\r\n",
      "Content-Length: 5, 5\r\n",
      "Content-Length: +5\r\n",
      "Content-Length: -5\r\n",
      "Content-Length: 5 5\r\n",
      "Content-Length: 0x5\r\n",
      "Content-Length: 5.0\r\n",
      "Content-Length:\r\n",
      "Content-Length: 99999999999999999999\r\n",
      "Content-Length: 18446744073709551621\r\n",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
      "Transfer-Encoding : chunked\r\n",
      "Transfer-Encoding\t: chunked\r\n",
      " Transfer-Encoding: chunked\r\n",
      "X: y\r\n folded\r\n",
      "X: y\r\n\tfolded\r\n",
      "X: y\r\n \r\n",
      "Transfer-Encoding:\r\n chunked\r\n",
      "Transfer-Encoding: chunke\013d\r\n",
      "X: y\nTransfer-Encoding: chunked\r\n",
      "X: y\rTransfer-Encoding: chunked\r\n",
      "X: y\r\r\n",
      ": empty name\r\n",
      "No colon\r\n",
      "Nocolon\r\n",
      "B@d: x\r\n",
      "Na\xc3\xafve: x\r\n",
      "X: del\x7f\r\n",
      "X: bell\a\r\n",
  };
  for (auto line : lines) EXPECT_EQ(with_headers(line), "400") << line;
  EXPECT_EQ(with_headers({"X: nul\0l\r\n", 10}), "400");
  EXPECT_EQ(with_headers({"Content-Length: 5\0\r\n", 20}), "400");
}

TEST(RequestParser, Attack113KnowsNoTransferCodingButChunked) {
  std::string_view const values[] = {
      "gzip",
      "gzip, chunked",
      "chunked, gzip",
      "chunked, chunked",
      "identity",
      "xchunked",
      "\"chunked\"",
      "chunked;q=1"
  };
  for (auto value : values) {
    EXPECT_EQ(with_headers("Transfer-Encoding: " + std::string(value) + "\r\n"), "501") << value;
  }
  EXPECT_EQ(
      read("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "400"
  );
}

TEST(RequestParser, Attack113RefusesOddChunks) {
  std::string_view const bodies[] = {
      "5;ext=1\r\nhello\r\n0\r\n\r\n",
      "5;\r\nhello\r\n0\r\n\r\n",
      "5 \r\nhello\r\n0\r\n\r\n",
      " 5\r\nhello\r\n0\r\n\r\n",
      "+5\r\nhello\r\n0\r\n\r\n",
      "-1\r\nhello\r\n0\r\n\r\n",
      "0x5\r\nhello\r\n0\r\n\r\n",
      "\r\nhello\r\n",
      "5\nhello\r\n0\r\n\r\n",
      "5\r\nhello\n0\r\n\r\n",
      "5\r\nhello0\r\n\r\n",
      "5\r\nhelloworld\r\n0\r\n\r\n",
      "5\rhello\r\n0\r\n\r\n",
      "5\r\nhello\rx0\r\n\r\n",
      "000000005\r\nhello\r\n0\r\n\r\n",
      "g\r\nhello\r\n",
      "0\r\n bad: x\r\n\r\n",
      "0\r\nbad : x\r\n\r\n",
      "0\r\nbad: x\n\r\n",
      "0\r\nbad\r\n\r\n",
      "0\r\nX: y\r\n folded\r\n\r\n",
      "0\n\r\n",
      "0\r\n\n",
      "ffffffffffffffff1\r\n",
  };
  for (auto body : bodies) EXPECT_EQ(chunked(body), "400") << body;
}

TEST(RequestParser, Attack113RefusesAMalformedRequestLine) {
  std::string_view const lines[] = {
      "GET  / HTTP/1.1\r\n",
      "GET /  HTTP/1.1\r\n",
      "GET / HTTP/1.1 \r\n",
      " GET / HTTP/1.1\r\n",
      "GET\t/ HTTP/1.1\r\n",
      "GET /\tHTTP/1.1\r\n",
      "GET / HTTP/1.1\n",
      "GET / HTTP/1.1\r\r\n",
      "\r\nGET / HTTP/1.1\r\n",
      "GET /\r\n",
      "GET\r\n",
      "GET / http/1.1\r\n",
      "GET / HTTP/1\r\n",
      "GET / HTTP/1.10\r\n",
      "GET / HTP/1.1\r\n",
      "G@T / HTTP/1.1\r\n",
      "GET / HTTP/1.1\rX: y\r\n",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1\r\n",
  };
  for (auto line : lines) EXPECT_EQ(read(std::string(line) + "Host: a\r\n\r\n"), "400") << line;
  EXPECT_EQ(read("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), "505");
  EXPECT_EQ(read("GET / HTTP/3.0\r\nHost: a\r\n\r\n"), "505");
  EXPECT_EQ(read("\x16\x03\x01\x02"), "400") << "a TLS hello on a plain port";
}

TEST(RequestParser, Attack118RefusesAPathThatCouldBeReadInTwoWays) {
  std::string_view const targets[] = {
      "/a%2Fb",       "/a%2fb",    "/a%5Cb",   "/a%5cb",      "/%2e%2e/x", "/%2E",      "/a%00b",
      "/a%0d%0ab",    "/a%7f",     "/a\\b",    "//",          "//x",       "/a//b",     "/.",
      "/..",          "/a/../b",   "/a/..",    "/a/./b",      "/a/.",      "/..;x=y/b", "/a;b",
      "/a#b",         "/a?b#c",    "/a%252fb", "/a%2541",     "/a%",       "/a%4",      "/a%zz",
      "/a%4g",        "/\xc3\xa9", "/a\x01",   "/a\x7f",      "/a\"b",     "/a<b",      "/a{b}",
      "/a|b",         "/a^b",      "/a`b",     "/[a]",        "a",         "a/b",       "?x",
      "/a?b%",        "/a?b%2",    "/a?b%zz",  "/a?\xc3\xa9", "/a?\x01",   "*",         "a.example",
      "a.example:80",
  };
  for (auto target : targets) EXPECT_EQ(get(target), "400") << target;
  EXPECT_EQ(get({"/a\0b", 4}), "400");
}

TEST(RequestParser, Attack118KeepsWhatIsUnambiguousAsItIs) {
  std::string_view const targets[] = {
      "/",
      "/a/b/",
      "/a.b/..c/...",
      "/.well-known/x",
      "/a%20b%C3%A9",
      "/a%25",
      "/a%25zz",
      "/a:b@c",
      "/a?x=/../;%2f%00&[y]={z}|?",
  };
  for (auto target : targets) {
    EXPECT_EQ(get(target), "GET " + std::string(target) + "; end");
  }
}

TEST(RequestParser, Attack119OneHostAndNoOther) {
  auto with_host = [](std::string_view lines) {
    return read("GET / HTTP/1.1\r\n" + std::string(lines) + "\r\n");
  };
  std::string_view const refused[] = {
      "",
      "Host: a\r\nHost: a\r\n",
      "Host: a\r\nhost: b\r\n",
      "Host:\r\n",
      "Host: a b\r\n",
      "Host: a,b\r\n",
      "Host: a/b\r\n",
      "Host: user@a\r\n",
      "Host: a:\r\n",
      "Host: a:x\r\n",
      "Host: a:65536\r\n",
      "Host: a:+80\r\n",
      "Host: :80\r\n",
      "Host: [::1\r\n",
      "Host: [::1]x\r\n",
      "Host: [a]\r\n",
      "Host: a%2eb\r\n",
      "Host: \xc3\xa9\r\n",
  };
  for (auto lines : refused) EXPECT_EQ(with_host(lines), "400") << lines;
  EXPECT_EQ(with_host("Host: A.example:8080\r\n"), "GET /; end");
  EXPECT_EQ(with_host("Host: [2001:db8::1]:443\r\n"), "GET /; end");
}

TEST(RequestParser, Attack119TheAbsoluteFormMustNameTheHost) {
  EXPECT_EQ(get("http://a.example/x?y"), "GET /x?y; end");
  EXPECT_EQ(get("HTTPS://A.Example"), "GET /; end");
  EXPECT_EQ(get("http://a.example?q"), "GET /?q; end");
  for (auto target :
       {"http://b.example/x",
        "http://a.example:81/x",
        "http://u@a.example/x",
        "http:///x",
        "http://",
        "ftp://a.example/x",
        "http:/a.example",
        "http://a.example/../x"}) {
    EXPECT_EQ(get(target), "400") << target;
  }
  EXPECT_EQ(read("GET http://a.example/x HTTP/1.0\r\n\r\n"), "400") << "no Host to agree with";
}

TEST(RequestParser, Attack120AMethodOverrideIsOnlyAHeader) {
  EXPECT_EQ(
      with_headers("X-HTTP-Method-Override: DELETE\r\nX-Method-Override: PUT\r\n"), "POST /; end"
  );
}

TEST(RequestParser, Attack121RefusesTunnelsAndOtherProtocols) {
  EXPECT_EQ(read("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"), "405");
  EXPECT_EQ(read("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), "405");
  EXPECT_EQ(read("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "505");
  EXPECT_EQ(read("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), "OPTIONS *; end");
  EXPECT_EQ(
      with_headers(
          "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
      ),
      "POST /; end"
  ) << "an upgrade is not taken up";
}

TEST(RequestParser, Attack86RefusesTooMuchAsSoonAsItIsKnown) {
  RequestLimits small{.request_line = 64, .header_bytes = 128, .header_count = 4, .body = 10};
  std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(
      read(head + "Content-Length: 10\r\n\r\n0123456789", small), "POST / body=0123456789; end"
  );
  EXPECT_EQ(read(head + "Content-Length: 11\r\n\r\n", small), "413") << "from the head alone";
  EXPECT_EQ(chunked("a\r\n0123456789\r\n0\r\n\r\n", small), "POST / body=0123456789; end");
  EXPECT_EQ(chunked("b\r\n", small), "413") << "from the chunk size alone";
  EXPECT_EQ(chunked("5\r\nhello\r\n6\r\n", small), "413");
  EXPECT_EQ(chunked("ffffffff\r\n", small), "413");
  EXPECT_EQ(read("GET /" + std::string(60, 'a'), small), "414") << "before the line has ended";
  EXPECT_EQ(read("GET /" + std::string(60, 'a') + " HTTP/9.9\r\n", small), "414");
  EXPECT_EQ(read(head + "X: " + std::string(128, 'a'), small), "431");
  EXPECT_EQ(read(head + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n", small), "POST /; end");
  EXPECT_EQ(read(head + "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", small), "431");
  EXPECT_EQ(chunked("0\r\nA: 1\r\nB: 2\r\n\r\n", small), "POST /; end");
  EXPECT_EQ(chunked("0\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", small), "431");
  EXPECT_EQ(chunked("0\r\nA: " + std::string(128, 'a'), small), "431");
}

TEST(RequestParser, ARefusalIsFinal) {
  std::string text = "GET / HTTP/1.1\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
  RequestParser parser({});
  std::span<char> message(text);
  EXPECT_EQ(parser.read(message), Progress::refused);
  EXPECT_EQ(parser.read(message), Progress::refused);
}

}  // namespace
}  // namespace keystead::http
