#include "app/admin_client.hpp"

#include <algorithm>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "codec/json.hpp"

namespace keystead::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// A server on a Unix socket that takes one connection, reads one request and says what it was told
// to say.
class OneAnswer {
 public:
  enum class Then { close, stay };

  OneAnswer(std::string answer, Then then) : answer_(std::move(answer)), then_(then) {
    path_ = fs::temp_directory_path() / ("keystead-admin-" + std::to_string(::getpid()) + ".sock");
    fs::remove(path_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(path_.string(), address.sun_path);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~OneAnswer() {
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
    fs::remove(path_);
  }

  fs::path const& path() const { return path_; }
  // What came, when the connection has ended.
  std::string const& request() {
    thread_.join();
    return request_;
  }

 private:
  void serve() {
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, 5000) != 1) return;
    int client = ::accept(listener_, nullptr, nullptr);
    char buffer[4096];
    while (!request_.ends_with("}}")) {
      ssize_t got = ::recv(client, buffer, sizeof buffer, 0);
      if (got <= 0) break;
      request_.append(buffer, static_cast<std::size_t>(got));
    }
    for (std::string_view rest = answer_; !rest.empty();) {
      ssize_t sent = ::send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    // Until the client has enough: it closes.
    if (then_ == Then::stay) std::ignore = ::recv(client, buffer, sizeof buffer, 0);
    ::close(client);
  }

  std::string answer_;
  std::string request_;
  Then then_;
  fs::path path_;
  int listener_ = -1;
  std::thread thread_;
};

// What the client makes of an answer: its status and body, or the failure.
std::string asked(
    std::string answer,
    OneAnswer::Then then = OneAnswer::Then::close,
    AdminLimits const& limits = {}
) {
  OneAnswer server(std::move(answer), then);
  auto got = ask_server(server.path(), "key.list", {}, limits);
  if (!got) return got.error().public_text;
  if (!*got) return "no server";
  return std::to_string((*got)->status) + " " + codec::to_text((*got)->body);
}

TEST(AdminClient, SendsTheCommandAndReadsTheAnswer) {
  OneAnswer server(
      "HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"result\":{\"a\":1}}", OneAnswer::Then::stay
  );
  auto got = ask_server(server.path(), "key.create", json::object{{"tenant", "T"}});
  ASSERT_TRUE(got) << got.error().public_text;
  ASSERT_TRUE(*got);
  EXPECT_EQ(codec::to_text((*got)->body), "{\"result\":{\"a\":1}}");
  EXPECT_EQ(
      server.request(),
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
      "51\r\n"
      "Connection: close\r\n\r\n{\"command\":\"key.create\",\"arguments\":{\"tenant\":\"T\"}}"
  );
}

TEST(AdminClient, ReadsABodyByItsLengthOrToTheEnd) {
  EXPECT_EQ(
      asked("HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"result\":1}", OneAnswer::Then::stay),
      "200 {\"result\":1}"
  );
  EXPECT_EQ(
      asked("HTTP/1.1 404 Not Found\r\nX: y\r\n\r\n{\"error\":\"no\"}"), "404 {\"error\":\"no\"}"
  );
}

TEST(AdminClient, ReadsALargeAnswer) {
  std::string body = "\"" + std::string(3'000'000, 'x') + "\"";
  std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  EXPECT_EQ(asked(answer), "200 " + body);
}

TEST(AdminClient, NoServerIsNotAFailure) {
  auto missing = ask_server("/nowhere/admin.sock", "key.list", {});
  ASSERT_TRUE(missing);
  EXPECT_FALSE(*missing);

  fs::path left_behind;
  {
    OneAnswer server("", OneAnswer::Then::close);
    left_behind = server.path().string() + ".dead";
    fs::rename(server.path(), left_behind);
    auto hung_up = ask_server(left_behind, "key.list", {});
    ASSERT_FALSE(hung_up);
    EXPECT_EQ(hung_up.error().public_text, "admin socket: the server ended the connection");
  }
  auto dead = ask_server(left_behind, "key.list", {});
  fs::remove(left_behind);
  ASSERT_TRUE(dead) << "the socket of a dead server refuses";
  EXPECT_FALSE(*dead);
}

TEST(AdminClient, AnAnswerThatIsNotOneIsAFailure) {
  EXPECT_EQ(
      asked("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"),
      "admin socket: the server ended the connection"
  );
  EXPECT_EQ(asked("SSH-2.0\r\n\r\n"), "admin socket: a malformed answer");
  EXPECT_EQ(
      asked("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}"), "admin socket: a malformed answer"
  );
  EXPECT_EQ(
      asked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}"),
      "admin socket: a malformed answer"
  );
  EXPECT_EQ(asked("HTTP/1.1 200 OK\r\n\r\n<html>"), "admin socket: an answer that is not JSON");
  EXPECT_EQ(asked(std::string(20'000, 'x')), "admin socket: a malformed answer");
}

TEST(AdminClient, HasADeadlineAndALimit) {
  AdminLimits hasty{.deadline = std::chrono::milliseconds{50}, .response_max = 1U << 20};
  EXPECT_EQ(
      asked("HTTP/1.1 200 OK\r\n", OneAnswer::Then::stay, hasty),
      "admin socket: the server did not answer in time"
  );
  AdminLimits narrow{.deadline = std::chrono::seconds{5}, .response_max = 1000};
  EXPECT_EQ(
      asked("HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, ' '), OneAnswer::Then::close, narrow),
      "admin socket: the answer is too large"
  );
  EXPECT_EQ(
      ask_server(std::string(200, 'x'), "key.list", {}).error().public_text,
      "admin socket: its path is longer than 107 bytes"
  );
}

}  // namespace
}  // namespace keystead::app
