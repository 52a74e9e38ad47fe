// A mail server for tests on a free loopback port: it answers each command as a test wants it, and
// writes down what it was told.
#pragma once

#include <atomic>
#include <cctype>
#include <csignal>
#include <cstdint>
#include <map>
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

class MailHost {
 public:
  struct Options {
    ServerTls tls = {};
    bool tls_at_once = false;
    // By command in upper case; "" greets, "." answers the message, "PASSWORD" and "USER" the lines
    // of AUTH LOGIN. A reply that is empty never comes.
    std::map<std::string, std::string> replies = {};
  };

  explicit MailHost(Options options) : options_(std::move(options)) {
    // OpenSSL writes to sockets that the caller has closed.
    (void)std::signal(SIGPIPE, SIG_IGN);
    options_.replies.insert({
        {"", "220 mail.example"},
        {"EHLO", "250-mail.example\r\n250-STARTTLS\r\n250 AUTH LOGIN PLAIN"},
        {"STARTTLS", "220 go on"},
        {"AUTH PLAIN", "235 welcome"},
        {"AUTH LOGIN", "334 VXNlcm5hbWU6"},
        {"USER", "334 UGFzc3dvcmQ6"},
        {"PASSWORD", "235 welcome"},
        {"MAIL", "250 so far"},
        {"RCPT", "250 so good"},
        {"DATA", "354 speak"},
        {".", "250 taken"},
        {"QUIT", "221 bye"},
    });
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    (void)::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    serving_ = std::thread([this] { serve(); });
  }
  ~MailHost() {
    ::shutdown(listener_, SHUT_RDWR);
    serving_.join();
    ::close(listener_);
  }

  std::uint16_t port() const { return port_; }
  // One line for each, "TLS" where it began; a message is one entry.
  std::vector<std::string> told() const {
    std::lock_guard lock(mutex_);
    return told_;
  }

 private:
  using Ssl = std::unique_ptr<SSL, Released<SSL_free>>;

  void serve() {
    while (true) {
      int descriptor = ::accept(listener_, nullptr, nullptr);
      if (descriptor < 0) return;
      descriptor_ = descriptor;
      unread_.clear();
      if (!options_.tls_at_once || begin_tls()) talk();
      ssl_.reset();
      ::close(descriptor);
    }
  }

  void talk() {
    if (!reply("")) return;
    for (std::string line; take_until("\r\n", line);) {
      note(line);
      auto command = line.substr(0, line.find(' '));
      if (command == "AUTH") command = line.substr(0, line.find(' ', 5));
      if (!reply(command) || command == "QUIT") return;
      if (command == "STARTTLS" && options_.replies[command].starts_with("220") && !begin_tls()) {
        return;
      }
      if (command == "DATA" && options_.replies[command].starts_with("354")) {
        if (!take_until("\r\n.\r\n", line)) return;
        note(line);
        if (!reply(".")) return;
      }
      if (command == "AUTH LOGIN") {
        for (auto const* step : {"USER", "PASSWORD"}) {
          if (!take_until("\r\n", line)) return;
          note(line);
          if (!reply(step)) return;
        }
      }
    }
  }

  bool begin_tls() {
    ssl_.reset(SSL_new(options_.tls.get()));
    SSL_set_fd(ssl_.get(), descriptor_);
    if (SSL_accept(ssl_.get()) != 1) return false;
    note("TLS");
    return true;
  }

  bool reply(std::string const& command) {
    auto found = options_.replies.find(command);
    std::string text = found == options_.replies.end() ? "500 what?" : found->second;
    if (text.empty()) {
      for (std::string ignored; take_until("\r\n", ignored);) continue;
      return false;
    }
    text += "\r\n";
    auto size = static_cast<int>(text.size());
    if (ssl_) return SSL_write(ssl_.get(), text.data(), size) == size;
    return ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL) == size;
  }

  bool take_until(std::string_view end, std::string& out) {
    std::size_t at = 0;
    while ((at = unread_.find(end)) == std::string::npos) {
      char bytes[4096];
      auto count = ssl_ ? SSL_read(ssl_.get(), bytes, sizeof bytes)
                        : ::recv(descriptor_, bytes, sizeof bytes, 0);
      if (count <= 0) return false;
      unread_.append(bytes, static_cast<std::size_t>(count));
    }
    out = unread_.substr(0, at);
    unread_.erase(0, at + end.size());
    return true;
  }

  void note(std::string line) {
    std::lock_guard lock(mutex_);
    told_.push_back(std::move(line));
  }

  Options options_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  int descriptor_ = -1;  // of the one connection
  Ssl ssl_;
  std::string unread_;
  mutable std::mutex mutex_;
  std::vector<std::string> told_;
  std::thread serving_;
};

}  // namespace keystead::net::testing
