// What an OpenID Provider says of itself (OpenID Connect Discovery §3).
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/url.hpp"

namespace keystead::authn {

// How a client shows at the token endpoint who it is (OpenID Connect Core §9).
enum class ClientAuth { client_secret_basic, client_secret_post, none };

struct OidcMetadata {
  // Code::unavailable unless the document is that of this issuer, byte for byte (§4.3, attack 28),
  // and its endpoints are https; http is for a provider on this machine.
  static Result<OidcMetadata> parse(std::string_view document, http::Url const& issuer);

  http::Url authorization_endpoint;
  http::Url token_endpoint;
  std::vector<ClientAuth> auth_methods;  // those that are known here
  bool names_issuer = false;  // whether its authorization responses have `iss` (RFC 9207)
};

}  // namespace keystead::authn
