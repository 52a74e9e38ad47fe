// A client for tests: a blocking socket that sends exactly the bytes it is given and takes answers
// apart just enough to compare them. Reading ends with the connection, or after five seconds.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace keystead::net::testing {

struct Answer {
  int status = 0;  // 0 when the connection ended before an answer
  std::string head;
  std::string body;
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0) {
    descriptor_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (receive_buffer > 0) {
      ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  explicit RawClient(std::string const& path) {
    descriptor_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    connect(reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  RawClient(RawClient&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), unread_(std::move(other.unread_)) {}
  ~RawClient() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int descriptor() const { return descriptor_; }

  // False if the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  Answer get(std::string_view target) {
    send("GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n\r\n");
    return read();
  }

  // The next answer; `head_only` for one to HEAD.
  Answer read(bool head_only = false) {
    std::size_t end = 0;
    while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return {};
    }
    Answer answer;
    answer.head = unread_.substr(0, end + 2);
    unread_.erase(0, end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    auto length = answer.head.find("Content-Length: ");
    if (length == std::string::npos || head_only) return answer;
    std::size_t size = std::stoul(answer.head.substr(length + 16));
    while (unread_.size() < size) {
      if (!receive()) return {};
    }
    answer.body = unread_.substr(0, size);
    unread_.erase(0, size);
    return answer;
  }

  // Whether the server ends the connection with nothing more to say.
  bool is_closed() { return unread_.empty() && !receive() && ended_; }

 private:
  void connect(sockaddr const* address, socklen_t size) {
    timeval five_seconds{5, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &five_seconds, sizeof five_seconds);
    EXPECT_EQ(::connect(descriptor_, address, size), 0) << std::strerror(errno);
  }

  bool receive() {
    char bytes[16 * 1024];
    auto count = ::recv(descriptor_, bytes, sizeof bytes, 0);
    ended_ = count == 0 || (count < 0 && errno == ECONNRESET);
    if (count <= 0) return false;
    unread_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int descriptor_ = -1;
  bool ended_ = false;
  std::string unread_;
};

}  // namespace keystead::net::testing
