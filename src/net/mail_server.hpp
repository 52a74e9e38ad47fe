// Where mail is handed over, and how it is protected on the way there.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/url.hpp"

namespace keystead::net {

class MailServer {
 public:
  enum class Tls {
    at_once,      // smtps://, port 465 (RFC 8314 §3.3)
    by_starttls,  // smtp://, port 587 (RFC 3207)
  };

  // smtps://host[:port] or smtp://host[:port], the host read as strictly as http::Url does.
  // Code::invalid_request says what is wrong.
  static Result<MailServer> parse(std::string_view text);

  Tls tls() const { return tls_; }
  // Its host and port, and what its certificate must say.
  http::Url const& url() const { return url_; }
  // Whether it may be spoken to without TLS: only within this machine.
  bool may_be_plain() const { return tls_ == Tls::by_starttls && url_.is_loopback(); }

 private:
  MailServer(Tls tls, http::Url url) : tls_(tls), url_(std::move(url)) {}

  Tls tls_;
  http::Url url_;
};

}  // namespace keystead::net
