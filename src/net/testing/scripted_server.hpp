// A server for tests of what asks servers: it reads a request and then does what the test's script
// says, byte for byte, over TCP or TLS on a free loopback port.
#pragma once

#include <atomic>
#include <csignal>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/testing/test_authority.hpp"

namespace keystead::net::testing {

// The connection that a script talks to, after its request was read.
class Caller {
 public:
  Caller(int descriptor, SSL* ssl) : descriptor_(descriptor), ssl_(ssl) {}

  // False if the caller has gone.
  bool send(std::string_view bytes) {
    auto size = static_cast<int>(bytes.size());
    if (ssl_ != nullptr) return SSL_write(ssl_, bytes.data(), size) == size;
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == size;
  }

  void wait_until_gone() {
    while (!receive().empty()) continue;
  }

  // Ends without TLS's goodbye.
  void cut() { cut_ = true; }

 private:
  friend class ScriptedServer;

  std::string receive() {
    char bytes[4096];
    auto count = ssl_ != nullptr ? SSL_read(ssl_, bytes, sizeof bytes)
                                 : ::recv(descriptor_, bytes, sizeof bytes, 0);
    return {bytes, count > 0 ? static_cast<std::size_t>(count) : 0};
  }

  std::string read_request() {
    std::string request;
    std::size_t head_end = request.npos;
    while (head_end == request.npos || request.size() < head_end + 4 + body_size(request)) {
      auto bytes = receive();
      if (bytes.empty()) break;
      request += bytes;
      head_end = request.find("\r\n\r\n");
    }
    return request;
  }

  static std::size_t body_size(std::string const& request) {
    constexpr std::string_view kName = "\r\nContent-Length: ";
    auto at = request.find(kName);
    return at == request.npos ? 0 : std::stoul(request.substr(at + kName.size()));
  }

  int descriptor_;
  SSL* ssl_;
  bool cut_ = false;
};

class ScriptedServer {
 public:
  using Script = std::function<void(Caller&)>;

  explicit ScriptedServer(Script script, ServerTls tls = nullptr)
      : script_(std::move(script)), tls_(std::move(tls)) {
    // OpenSSL writes to sockets that the caller has closed.
    (void)std::signal(SIGPIPE, SIG_IGN);
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    (void)::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 64);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept(); });
  }
  // Answers the same to everybody.
  explicit ScriptedServer(std::string const& answer, ServerTls tls = nullptr)
      : ScriptedServer([answer](Caller& caller) { caller.send(answer); }, std::move(tls)) {}

  ~ScriptedServer() {
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    for (auto& thread : serving_) thread.join();
    ::close(listener_);
  }

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }
  std::vector<std::string> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void accept() {
    while (true) {
      int descriptor = ::accept(listener_, nullptr, nullptr);
      if (descriptor < 0) return;
      ++connections_;
      serving_.emplace_back([this, descriptor] { serve(descriptor); });
    }
  }

  void serve(int descriptor) {
    std::unique_ptr<SSL, Released<SSL_free>> ssl;
    bool ready = true;
    if (tls_) {
      ssl.reset(SSL_new(tls_.get()));
      SSL_set_fd(ssl.get(), descriptor);
      ready = SSL_accept(ssl.get()) == 1;
    }
    if (ready) {
      Caller caller(descriptor, ssl.get());
      auto request = caller.read_request();
      {
        std::lock_guard lock(mutex_);
        requests_.push_back(std::move(request));
      }
      script_(caller);
      if (ssl && !caller.cut_) SSL_shutdown(ssl.get());
    }
    ::close(descriptor);
  }

  Script script_;
  ServerTls tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::list<std::thread> serving_;  // by the accepting thread, until it has ended
  std::thread accepting_;
};

}  // namespace keystead::net::testing
