#include "net/mail_server.hpp"

#include <string>

namespace keystead::net {

Result<MailServer> MailServer::parse(std::string_view text) {
  constexpr std::string_view kAtOnce = "smtps://", kByStartTls = "smtp://";
  auto tls = text.starts_with(kAtOnce) ? Tls::at_once : Tls::by_starttls;
  auto scheme = tls == Tls::at_once ? kAtOnce : kByStartTls;
  if (!text.starts_with(scheme)) {
    return fail(
        Code::invalid_request, "expected smtp://HOST or smtps://HOST, with or without a port"
    );
  }
  std::string authority(text.substr(scheme.size()));
  bool has_port = authority.rfind(':') != std::string::npos && !authority.ends_with(']');
  if (!has_port) authority += tls == Tls::at_once ? ":465" : ":587";
  auto url = TRY(http::Url::parse("https://" + authority));
  if (url.authority() != authority) {
    return fail(Code::invalid_request, "expected nothing behind the host and its port");
  }
  return MailServer(tls, std::move(url));
}

}  // namespace keystead::net
