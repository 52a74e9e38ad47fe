#include "net/web_fetcher.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "net/testing/fetching.hpp"

namespace keystead::net {
namespace {

using http::FetchRequest;
using std::chrono::milliseconds;
using testing::Caller;
using testing::Fetching;
using testing::kGood;
using testing::ScriptedServer;

TEST_F(Fetching, SaysWhatItWasToldAndNothingMore) {
  ScriptedServer server(kGood, certificate());
  network_.server_port = server.port();
  FetchRequest get = request("https://good.example:8443/a?b=c");
  get.headers = {{"Accept", "application/json"}};
  EXPECT_EQ(fetch(get), "200 body");
  FetchRequest post = request("https://good.example");
  post.method = http::FetchMethod::post;
  post.body = "a=b";
  EXPECT_EQ(fetch(post), "200 body");
  EXPECT_EQ(
      server.requests(),
      (std::vector<std::string>{
          "GET /a?b=c HTTP/1.1\r\nHost: good.example:8443\r\nUser-Agent: Keystead\r\n"
          "Accept-Encoding: identity\r\nConnection: close\r\nAccept: application/json\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: good.example\r\nUser-Agent: Keystead\r\n"
          "Accept-Encoding: identity\r\nConnection: close\r\nContent-Length: 3\r\n\r\na=b"
      })
  );
  EXPECT_EQ(
      network_.connections, (std::vector<std::string>{"93.184.215.14 8443", "93.184.215.14 443"})
  );
}

TEST_F(Fetching, RefusesHeadersThatWouldSplitOrReframeTheRequest) {
  std::vector<http::FetchHeader> bad{
      {"X", "a\r\nY: b"},
      {"X\r\nY", "b"},
      {"X:", "b"},
      {"", "b"},
      {"X", " padded"},
      {"host", "other.example"},
      {"Content-Length", "1"},
      {"Transfer-Encoding", "chunked"},
      {"Cookie", "a=b"},
      {"Connection", "keep-alive"}
  };
  for (auto const& header : bad) {
    FetchRequest get = request("https://good.example/");
    get.headers = {header};
    EXPECT_TRUE(fetch(get).starts_with("the request: ")) << header.name;
  }
  FetchRequest get = request("https://good.example/");
  get.body = "x";
  EXPECT_TRUE(fetch(get).starts_with("the request: "));
  EXPECT_TRUE(network_.questions.empty());
}

TEST_F(Fetching, GivesTheAnswerWithItsHeaders) {
  ScriptedServer server(
      "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n",
      certificate()
  );
  network_.server_port = server.port();
  auto answer = fetcher_->fetch(request("https://good.example/"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "body");
  EXPECT_EQ(answer->find("cache-control"), "max-age=60");
}

TEST_F(Fetching, Attack24And66ARedirectIsAnAnswer) {
  ScriptedServer server(
      "HTTP/1.1 302 Found\r\nLocation: https://good.example/other\r\nContent-Length: 0\r\n\r\n",
      certificate()
  );
  EXPECT_EQ(fetch_from(server), "302 ");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(Fetching, Attack24MoreThanTheLimitIsRefused) {
  auto never_ends = [](Caller& caller) {
    std::string many(16 * 1024, 'x');
    if (!caller.send("HTTP/1.1 200 OK\r\n\r\n")) return;
    while (caller.send(many)) continue;
  };
  auto says_a_gigabyte = [](Caller& caller) {
    caller.send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
    caller.wait_until_gone();
  };
  auto all_headers = [](Caller& caller) {
    if (!caller.send("HTTP/1.1 200 OK\r\n")) return;
    while (caller.send("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"))
      continue;
  };
  std::string refused = "the answer: The body is too large.";
  EXPECT_EQ(fetch_from(ScriptedServer(never_ends, certificate())), refused);
  EXPECT_EQ(fetch_from(ScriptedServer(says_a_gigabyte, certificate())), refused);
  EXPECT_EQ(
      fetch_from(ScriptedServer(all_headers, certificate())),
      "the answer: The header fields are too large."
  );
}

TEST_F(Fetching, TheCallerSetsTheLimit) {
  ScriptedServer server(kGood, certificate());
  network_.server_port = server.port();
  FetchRequest get = request("https://good.example/");
  get.limits.body_bytes_max = 3;
  EXPECT_EQ(fetch(get), "the answer: The body is too large.");
  get.limits.body_bytes_max = 4;
  EXPECT_EQ(fetch(get), "200 body");
}

TEST_F(Fetching, Attack24SlowServersMeetTheDeadlineOfTheWhole) {
  auto drips = [](Caller& caller) {
    bool there = caller.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (there) {
      std::this_thread::sleep_for(milliseconds(20));
      there = caller.send("x");
    }
  };
  auto drips_head = [](Caller& caller) {
    bool there = caller.send("HTTP/1.1 200 OK\r\nX: ");
    while (there) {
      std::this_thread::sleep_for(milliseconds(20));
      there = caller.send("x");
    }
  };
  auto silent = [](Caller& caller) { caller.wait_until_gone(); };
  FetchRequest get = request("https://good.example/");
  get.limits.timeout = milliseconds(400);
  for (ScriptedServer::Script const& script :
       std::vector<ScriptedServer::Script>{drips, drips_head, silent}) {
    ScriptedServer server(script, certificate());
    network_.server_port = server.port();
    EXPECT_EQ(fetch(get), "receiving: Connection timed out");
  }
  // Without TLS at the other end, which waits for a request that does not come.
  ScriptedServer plain(silent);
  network_.server_port = plain.port();
  EXPECT_EQ(fetch(get), "TLS: Connection timed out");
}

TEST_F(Fetching, Attack24SlowNamesMeetTheDeadlineOfTheWhole) {
  network_.set_names_slow(true);
  FetchRequest get = request("https://good.example/");
  get.limits.timeout = milliseconds(50);
  EXPECT_EQ(fetch(get), "the name: took too long");
  network_.set_names_slow(false);
  fetcher_.reset();
  EXPECT_TRUE(network_.connections.empty()) << "an answer that is late starts nothing";
}

}  // namespace
}  // namespace keystead::net
