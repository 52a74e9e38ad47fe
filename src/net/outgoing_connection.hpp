// A connection to another server for one request, used by one thread that waits for each step. All
// steps together have one deadline.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "http/url.hpp"
#include "net/asio_tls.hpp"
#include "net/trust.hpp"

namespace keystead::net {

class OutgoingConnection {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  explicit OutgoingConnection(Deadline deadline) : deadline_(deadline) {}

  // To the first of them that answers. Each has its share of the time that is left, so that one
  // that is silent does not use up all of it.
  Result<> connect(std::span<asio::ip::tcp::endpoint const> endpoints);

  // Goes on in TLS, once the other end has proven that it is the URL's host.
  Result<> secure(Trust const& trust, http::Url const& url);

  Result<> send(std::string_view bytes);

  // What has come, until the next call; empty when the other end has said that there is no more. A
  // TLS connection that ends without saying so is a failure: somebody may have cut it.
  Result<std::string_view> receive();

 private:
  // Starts an operation and waits for its end, or ends it at `until`.
  template <class Start>
  boost::system::error_code finish(Start start, Deadline until);

  Deadline deadline_;
  asio::io_context context_{1};
  Socket socket_{context_};
  std::optional<asio::ssl::stream<Socket&>> tls_;
  std::array<char, 16 * 1024> buffer_{};
};

}  // namespace keystead::net
