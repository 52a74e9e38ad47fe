// What a client may not do to a server: send too much, send too slowly, not read, come too often.
#include <gtest/gtest.h>

#include "net/server.hpp"
#include "net/testing/raw_client.hpp"
#include "net/testing/served.hpp"

namespace keystead::net {
namespace {

using std::chrono::milliseconds;
using testing::RawClient;
using testing::Served;

constexpr milliseconds kSoon{100};
constexpr milliseconds kNever{60'000};

TEST(Limits, Attack86ABodyTooLargeIsRefusedBeforeItIsRead) {
  Served served({.request = {.body = 1000}});
  RawClient client(served.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
  auto answer = client.read();
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(served.handler.calls, 0);
}

TEST(Limits, Attack86AChunkedBodyWithoutEndIsCutOff) {
  Served served({.request = {.body = 100'000}});
  RawClient client(served.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string chunk = "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
  int sent = 0;
  while (sent < 10'000 && client.send(chunk)) ++sent;
  EXPECT_LT(sent, 10'000) << "the server took 40 MB";
  EXPECT_EQ(served.handler.calls, 0);
  EXPECT_EQ(served.server->counters().framing_refusals, 1u);
}

TEST(Limits, Attack86TheClientThatStillSendsCanReadTheRefusal) {
  Served served({.request = {.body = 1000}});
  RawClient client(served.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n");
  client.send(std::string(500'000, 'x'));
  EXPECT_EQ(client.read().status, 413);
}

TEST(Limits, Attack86LinesAndHeadersTooLarge) {
  Served served;
  RawClient line(served.port());
  line.send("GET /" + std::string(8 * 1024, 'a'));
  EXPECT_EQ(line.read().status, 414);
  RawClient large(served.port());
  large.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(16 * 1024, 'a'));
  EXPECT_EQ(large.read().status, 431);
  RawClient many(served.port());
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 100; ++i) head += "X: y\r\n";
  many.send(head + "\r\n");
  EXPECT_EQ(many.read().status, 431);
}

TEST(Limits, Attack87ASlowHeadIsCutOffHoweverItTrickles) {
  Served served({.deadlines = {.header = kSoon}});
  RawClient client(served.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n");
  while (served.server->counters().timeouts == 0 && client.send("X: y\r\n")) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(client.read().status, 408);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(served.server->counters().timeouts, 1u);
}

TEST(Limits, Attack87ASilentConnectionIsClosed) {
  Served served({.deadlines = {.header = kSoon}});
  RawClient client(served.port());
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(served.eventually_empty());
  EXPECT_EQ(served.server->counters().timeouts, 1u);
}

TEST(Limits, Attack87AnIdleConnectionIsClosed) {
  Served served({.deadlines = {.header = kNever, .idle = kSoon}});
  RawClient client(served.port());
  EXPECT_EQ(client.get("/").status, 200);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(served.server->counters().timeouts, 0u) << "an ordinary end";
}

TEST(Limits, Attack87ASlowBodyIsCutOffInTheEnd) {
  Served served({.deadlines = {.body = kSoon, .body_grace = kNever}});
  RawClient client(served.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  while (served.server->counters().timeouts == 0 && client.send("x")) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(client.read().status, 408);
  EXPECT_TRUE(served.eventually_empty());
}

TEST(Limits, Attack87ABodyMustComeFasterThanATrickle) {
  Served served({.deadlines = {.body = kNever, .body_grace = kSoon, .body_rate_min = 1000}});
  RawClient client(served.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  while (served.server->counters().timeouts == 0 && client.send("x")) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(client.read().status, 408);

  RawClient fast(served.port());
  fast.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  fast.send(std::string(50'000, 'x'));
  std::this_thread::sleep_for(milliseconds(300));
  fast.send(std::string(50'000, 'x'));
  EXPECT_EQ(fast.read().status, 200) << "fast enough on the whole";
}

TEST(Limits, Attack87AnAnswerNobodyReadsIsGivenUp) {
  Served served({.deadlines = {.write = kSoon}});
  RawClient client(served.port(), 4096);
  client.send("GET /big?30000000 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(served.eventually([&] { return served.server->counters().timeouts == 1; }));
  EXPECT_TRUE(served.eventually_empty());
}

TEST(Limits, Attack87OnePeerGetsOnlySoManyConnections) {
  Served served({.connections = {.total = 100, .per_peer = 2}});
  RawClient first(served.port());
  RawClient second(served.port());
  EXPECT_EQ(first.get("/").status, 200);
  EXPECT_EQ(second.get("/").status, 200);
  {
    RawClient third(served.port());
    EXPECT_EQ(third.read().status, 503);
    EXPECT_TRUE(third.is_closed());
  }
  EXPECT_EQ(served.server->counters().connections_refused, 1u);
  {
    RawClient leaves(std::move(first));
  }
  ASSERT_TRUE(served.eventually([&] { return served.server->counters().connections_open == 1; }));
  EXPECT_EQ(RawClient(served.port()).get("/").status, 200) << "a place was given back";
}

TEST(Limits, AllPeersTogetherGetOnlySoManyConnections) {
  Served served({.connections = {.total = 1, .per_peer = 10}});
  RawClient first(served.port());
  EXPECT_EQ(first.get("/").status, 200);
  EXPECT_EQ(RawClient(served.port()).read().status, 503);
}

TEST(Drain, ClosesIdleConnectionsAndLetsRequestsFinish) {
  Served served({.io_threads = 1});
  RawClient idle(served.port());
  EXPECT_EQ(idle.get("/").status, 200);
  RawClient busy(served.port());
  busy.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(served.eventually([&] { return served.handler.held == 1; }));
  auto bytes_before = served.server->counters().bytes_in;
  RawClient halfway(served.port());
  halfway.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1");
  ASSERT_TRUE(served.eventually([&] { return served.server->counters().bytes_in > bytes_before; }));

  bool empty = false;
  std::thread drain([&] { empty = served.server->drain(milliseconds(20'000)); });
  EXPECT_TRUE(idle.is_closed());
  served.handler.release();
  auto answer = busy.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.head.find("Connection: close\r\n"), std::string::npos);
  halfway.send("2");
  EXPECT_EQ(halfway.read().body, "inline 127.0.0.1 /x 12");
  EXPECT_TRUE(busy.is_closed());
  EXPECT_TRUE(halfway.is_closed());
  {
    RawClient leave_one(std::move(busy)), leave_other(std::move(halfway));
  }
  drain.join();
  EXPECT_TRUE(empty);
  EXPECT_EQ(served.server->counters().connections_open, 0u);
}

TEST(Drain, EndsAtItsDeadline) {
  Served served;
  RawClient halfway(served.port());
  halfway.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1");
  ASSERT_TRUE(served.eventually([&] { return served.server->counters().bytes_in > 0; }));
  EXPECT_FALSE(served.server->drain(milliseconds(50)));
  EXPECT_TRUE(halfway.is_closed());
}

TEST(Drain, AServerEndsWithRequestsUnderWay) {
  RawClient waiting = [] {
    Served served;
    RawClient client(served.port());
    client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(served.eventually([&] { return served.handler.held == 1; }));
    served.handler.release();
    return client;
  }();
  SUCCEED();
}

}  // namespace
}  // namespace keystead::net
