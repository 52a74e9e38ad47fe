// What the authorization server says of itself (RFC 8414), once, in the two forms that clients look
// for. Everything in it comes from the configuration: no header of a request is believed (attack
// 72). What is not offered is not named, since clients refuse a null.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oauth/authorize.hpp"

namespace keystead::oauth {

// The endpoints below the issuer.
inline constexpr std::string_view kAuthorizePath = "/oauth/authorize";
inline constexpr std::string_view kPushPath = "/oauth/par";
inline constexpr std::string_view kTokenPath = "/oauth/token";
inline constexpr std::string_view kRegisterPath = "/oauth/register";
inline constexpr std::string_view kDevicePath = "/oauth/device_authorization";
inline constexpr std::string_view kRevokePath = "/oauth/revoke";
inline constexpr std::string_view kIntrospectPath = "/oauth/introspect";
inline constexpr std::string_view kKeysPath = "/.well-known/jwks.json";

struct ServerMetadata {
  std::string issuer;  // the address of the service, without a slash at its end
  std::vector<std::string> scopes;
  std::vector<std::string> grant_types;
  bool takes_registrations = true;  // RFC 7591
  Pushing pushing = Pushing::none;
  bool takes_assertions = false;  // ID-JAGs
  std::string documentation;      // URL
  std::vector<std::string> dpop_algorithms =
      {};  // RFC 9449 §5.1; empty: tokens are bound to no key
};

// The document of RFC 8414, and the same with what OpenID Connect Discovery requires beyond it:
// there are no ID tokens, but readers of that form refuse a document without these members.
std::string authorization_server_metadata(ServerMetadata const& server);
std::string openid_configuration(ServerMetadata const& server);

// Where clients look for the document of the issuer at `below`, which is empty or begins with a
// slash, below the service at `url` (RFC 8414 §3.1, §5, OpenID Connect Discovery §4): as paths,
// with that of the issuer inserted and appended. Where the service has a path of its own, each
// comes with it and, for proxies that take it away, without. The same for a document of RFC 9728.
std::vector<std::string> authorization_server_paths(
    std::string_view url, std::string_view below = {}
);
std::vector<std::string> openid_configuration_paths(
    std::string_view url, std::string_view below = {}
);
std::vector<std::string> protected_resource_paths(std::string_view url, std::string_view below);

// In front of the path of a resource: the address of its document of RFC 9728.
std::string protected_resource_documents(std::string_view url);

}  // namespace keystead::oauth
