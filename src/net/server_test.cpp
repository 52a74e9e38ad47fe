#include "net/server.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "net/testing/raw_client.hpp"
#include "net/testing/served.hpp"

namespace keystead::net {
namespace {

using testing::RawClient;
using testing::Served;

TEST(Server, KeepsAConnectionAlive) {
  Served served;
  RawClient client(served.port());
  for (int i = 0; i < 3; ++i) {
    auto answer = client.get("/x");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "inline 127.0.0.1 /x ");
    EXPECT_EQ(answer.head.find("Connection:"), std::string::npos);
    EXPECT_NE(answer.head.find("Content-Type: text/plain\r\n"), std::string::npos);
    EXPECT_NE(answer.head.find(" GMT\r\n"), std::string::npos);
  }
  EXPECT_EQ(served.server->counters().connections_accepted, 1u);
  EXPECT_EQ(served.server->counters().requests, 3u);
}

TEST(Server, EndsTheConnectionWhenAskedTo) {
  Served served;
  RawClient client(served.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(client.read().head.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.is_closed());

  RawClient old(served.port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read().status, 200);
  EXPECT_TRUE(old.is_closed());

  RawClient old_kept(served.port());
  old_kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(old_kept.read().head.find("Connection: keep-alive\r\n"), std::string::npos);
  EXPECT_EQ(old_kept.get("/again").status, 200);
}

// The end of the stream comes in the same segment as the request, and is not announced again.
TEST(Server, AClientThatAsksAndEndsItsSideIsAnsweredAndLetGo) {
  Served served;
  RawClient client(served.port());
  EXPECT_EQ(client.get("/first").status, 200);
  std::string_view request = "GET /second HTTP/1.1\r\nHost: a\r\n\r\n";
  ::send(client.descriptor(), request.data(), request.size(), MSG_MORE);
  ::shutdown(client.descriptor(), SHUT_WR);
  EXPECT_EQ(client.read().status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, ConnectionsThatTakeTurnsDoNotMixTheirRequests) {
  ServerOptions options;
  options.io_threads = 1;
  Served served(options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 8; ++i) clients.emplace_back(served.port());
  for (int round = 0; round < 3; ++round) {
    // Each has said half of its request before any says the rest.
    for (std::size_t i = 0; i < clients.size(); ++i) {
      clients[i].send(
          "POST /from HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n" + std::to_string(10 + i)
      );
    }
    for (std::size_t i = clients.size(); i-- > 0;) clients[i].send(std::to_string(10 + i));
    for (std::size_t i = 0; i < clients.size(); ++i) {
      std::string number = std::to_string(10 + i);
      EXPECT_EQ(clients[i].read().body, "inline 127.0.0.1 /from " + number + number);
    }
  }
}

TEST(Server, TheHandlerMayEndTheConnection) {
  Served served;
  RawClient client(served.port());
  EXPECT_NE(client.get("/last").head.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  Served served;
  RawClient client(served.port());
  std::string batch;
  for (int i = 0; i < 100; ++i) {
    batch += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  client.send(batch);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(client.read().body, "inline 127.0.0.1 /" + std::to_string(i) + " ");
  }
}

TEST(Server, AnswersOfWorkersKeepTheirPlace) {
  Served served;
  RawClient client(served.port());
  std::string batch;
  for (int i = 0; i < 50; ++i) {
    auto path = (i % 3 == 0 ? "/work" : "/inline") + std::to_string(i);
    batch += "POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
             "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
  }
  client.send(batch);
  for (int i = 0; i < 50; ++i) {
    auto number = std::to_string(i);
    ASSERT_EQ(
        client.read().body,
        i % 3 == 0 ? "worker 127.0.0.1 /work" + number + " abcd"
                   : "inline 127.0.0.1 /inline" + number + " abcd"
    );
  }
}

TEST(Server, WritesLargeAnswersWhole) {
  Served served;
  RawClient client(served.port());
  for (int i = 0; i < 4; ++i) client.send("GET /big?3000000 HTTP/1.1\r\nHost: a\r\n\r\n");
  for (int i = 0; i < 4; ++i) ASSERT_EQ(client.read().body, std::string(3'000'000, 'x'));
}

TEST(Server, ReadsABodyLargerThanItsFirstBuffer) {
  Served served;
  RawClient client(served.port());
  std::string body(900'000, 'b');
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + body);
  EXPECT_EQ(client.read().body, "inline 127.0.0.1 /a " + body);
  EXPECT_EQ(client.get("/after").body, "inline 127.0.0.1 /after ");
}

TEST(Server, AnswersHeadWithoutABody) {
  Served served;
  RawClient client(served.port());
  client.send("HEAD /big?1234 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(client.read(true).head.find("Content-Length: 1234\r\n"), std::string::npos);
  EXPECT_EQ(client.get("/after").body, "inline 127.0.0.1 /after ");
}

TEST(Server, NoContentHasNoLength) {
  Served served;
  RawClient client(served.port());
  auto answer = client.get("/none");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.head.find("Content-"), std::string::npos);
  EXPECT_EQ(client.get("/after").status, 200);
}

TEST(Server, TellsAWaitingClientToContinue) {
  Served served;
  RawClient client(served.port());
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read().status, 100);
  client.send("he");
  client.send("llo");
  EXPECT_EQ(client.read().body, "inline 127.0.0.1 /a hello");

  client.send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi");
  EXPECT_EQ(client.read().status, 200) << "the body was there already";

  client.send("POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 42-surprises\r\n\r\n");
  EXPECT_EQ(client.read().status, 417);
}

TEST(Server, Attack113AFramingErrorIsAnsweredAndEndsTheConnection) {
  Served served;
  RawClient client(served.port());
  client.send(
      "GET /first HTTP/1.1\r\nHost: a\r\n\r\n"
      "POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
  );
  EXPECT_EQ(client.read().body, "inline 127.0.0.1 /first ");
  auto answer = client.read();
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.head.find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(answer.head.find("Content-Type: application/problem+json\r\n"), std::string::npos);
  EXPECT_EQ(
      answer.body,
      R"({"type":"about:blank","title":"Bad Request","status":400,)"
      R"("detail":"Content-Length and Transfer-Encoding exclude each other."})"
  );
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(served.handler.calls, 1);
  EXPECT_EQ(served.server->counters().framing_refusals, 1u);
}

TEST(Server, Attack121NeverSwitchesProtocols) {
  Served served;
  RawClient upgrade(served.port());
  upgrade.send(
      "GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
      "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
  );
  EXPECT_EQ(upgrade.read().status, 200);
  RawClient preface(served.port());
  preface.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  EXPECT_EQ(preface.read().status, 505);
  EXPECT_TRUE(preface.is_closed());
  RawClient trace(served.port());
  trace.send("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
  auto answer = trace.read();
  EXPECT_EQ(answer.status, 405);
  EXPECT_NE(answer.head.find("Allow: "), std::string::npos);
}

TEST(Server, AFullWorkerPoolIsSaidSo) {
  Served served({.worker_threads = 1, .worker_queue = 1});
  RawClient first(served.port());
  first.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(served.eventually([&] { return served.handler.held == 1; }));
  // One of these two waits in the queue, and the other finds it full.
  RawClient second(served.port());
  RawClient third(served.port());
  second.send("GET /work HTTP/1.1\r\nHost: a\r\n\r\n");
  third.send("GET /work HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(served.eventually([&] { return served.server->counters().worker_refusals == 1; }));
  served.handler.release();
  auto one = second.read();
  auto other = third.read();
  EXPECT_EQ(first.read().status, 200);
  EXPECT_EQ(one.status + other.status, 200 + 503);
  auto& refused = one.status == 503 ? one : other;
  EXPECT_NE(refused.head.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(refused.head.find("Connection: close"), std::string::npos);
  EXPECT_EQ(second.get("/work").status, 200) << "and it goes on";
  EXPECT_EQ(third.get("/work").status, 200);
}

TEST(Server, ListensForItsOperatorOnly) {
  std::string path =
      ::testing::TempDir() + "keystead_net_test_" + std::to_string(::getpid()) + ".sock";
  auto umask_before = ::umask(0);
  {
    Served served({.local_path = path});
    struct stat file{};
    ASSERT_EQ(::lstat(path.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 07777u, 0600u);
    RawClient client(path);
    EXPECT_EQ(client.get("/admin").body, "inline local /admin ");

    auto second = Server::open({.local_path = path});
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().public_text.find("a server listens there"), std::string::npos);
    EXPECT_EQ(client.get("/still").status, 200);
  }
  ::umask(umask_before);
  EXPECT_FALSE(std::filesystem::exists(path)) << "it takes its socket with it";
}

TEST(Server, ReplacesADeadServersSocketButNoOtherFile) {
  std::string path = ::testing::TempDir() + "keystead_net_stale.sock";
  int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ::unlink(path.c_str());
  ASSERT_EQ(::bind(dead, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(dead);
  {
    Served served({.local_path = path});
    EXPECT_EQ(RawClient(path).get("/x").status, 200);
  }
  std::ofstream(path) << "precious";
  EXPECT_FALSE(Server::open({.local_path = path}));
  EXPECT_EQ(std::filesystem::file_size(path), 8u);
  std::filesystem::remove(path);
}

TEST(Server, SaysWhyItCannotListen) {
  Served served;
  auto second = Server::open({.port = served.port()});
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().public_text.find("Address already in use"), std::string::npos);
  EXPECT_FALSE(Server::open({.address = "example.com"}));
}

}  // namespace
}  // namespace keystead::net
