// Whom an outgoing connection believes: a certificate that leads to an authority of the system (or
// to one that the operator added) and is made out to the host that was meant.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/url.hpp"
#include "net/asio_tls.hpp"

namespace keystead::net {

class Trust {
 public:
  // What is said to be spoken inside (RFC 7301); none where that is not usual.
  enum class Protocol { http11, none };

  // `ca_file` (PEM) is believed in addition to the system's authorities; empty for none.
  static Result<Trust> open(std::string const& ca_file, Protocol protocol = Protocol::http11);

  asio::ssl::context& context() const { return *context_; }

  // What a new connection must be held to before its handshake: the host of this URL. False if
  // OpenSSL has no memory left.
  static bool expect(SSL* connection, http::Url const& url);

 private:
  explicit Trust(std::unique_ptr<asio::ssl::context> context) : context_(std::move(context)) {}

  std::unique_ptr<asio::ssl::context> context_;
};

}  // namespace keystead::net
