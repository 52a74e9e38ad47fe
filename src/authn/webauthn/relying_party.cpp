#include "authn/webauthn/relying_party.hpp"

namespace keystead::authn::webauthn {

std::optional<RelyingParty> relying_party_of(http::Url const& url, std::string name) {
  if (url.host_kind() != http::Url::HostKind::name) return std::nullopt;
  bool is_https = url.scheme() == http::Url::Scheme::https;
  std::string host(url.host());
  std::string origin = (is_https ? "https://" : "http://") + host;
  if (url.port() != (is_https ? 443 : 80)) origin += ":" + std::to_string(url.port());
  return RelyingParty{std::move(host), std::move(origin), std::move(name)};
}

}  // namespace keystead::authn::webauthn
