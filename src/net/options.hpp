// What can be set on a server. Every read and every write has a limit and a deadline here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "http/request_parser.hpp"

namespace keystead::net {

struct Deadlines {
  std::chrono::milliseconds header{
      10'000
  };  // from the first byte of a head to its last; also the TLS handshake
  std::chrono::milliseconds body{30'000};  // from the end of the head to the end of the body
  std::chrono::milliseconds body_grace{
      5'000
  };  // after which body_rate_min is held against the sender
  std::size_t body_rate_min = 500;          // bytes a second
  std::chrono::milliseconds idle{75'000};   // between two requests
  std::chrono::milliseconds write{30'000};  // without the other end taking any byte
  std::chrono::milliseconds linger{2'000};  // for the other end to read a last answer
  std::chrono::milliseconds tick{250};      // how coarsely all of these are kept
};

struct ConnectionLimits {
  std::size_t total = 10'000;
  std::size_t per_peer = 1'024;  // an IPv4 address, or an IPv6 /64
};

struct TlsFiles {
  std::string certificate;  // PEM, the chain with the leaf first
  std::string key;          // PEM
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;     // 0 takes a free one, which Server::port() names
  std::string local_path{};   // of the Unix socket; empty for none
  std::string server_name{};  // for the Server header; empty for none
  unsigned io_threads = 0;    // 0 for one a core
  unsigned worker_threads = 8;
  std::size_t worker_queue = 1'024;  // requests that may wait; one more is answered 503
  http::RequestLimits request{};
  Deadlines deadlines{};
  ConnectionLimits connections{};
  std::optional<TlsFiles> tls{};
};

}  // namespace keystead::net
