// What of the authorization server clients call: the token endpoint, revocation, introspection and
// the keys. What tokens say is believed elsewhere, by authn::OwnTokens.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/routes.hpp"
#include "app/installation.hpp"
#include "authn/own_tokens.hpp"

namespace keystead::app {

// The public addresses of the MCP endpoint, which are what tokens are for.
std::vector<std::string> resources_of(Config const& config, std::string const& public_url);

// What reads the tokens that the keys have signed.
Result<std::unique_ptr<authn::OwnTokens>> open_own_tokens(
    Installation& installation,
    authn::TokenKeys& keys,
    std::string const& public_url,
    std::array<domain::ScopeSet, 4> const& role_scopes
);

class TokenFront {
 public:
  struct Parts {
    OAuthConfig const& config;
    authn::TokenKeys& keys;
    std::string public_url;
    authn::Authenticator const& authenticator;
    authn::OwnTokens& own_tokens;
    oauth::Clients const& clients;
    authz::AddressGuard& guard;
    api::Refusals const& refusals;
  };

  // What the two refer to outlives the object.
  TokenFront(Installation& installation, Parts parts);

  // The object outlives the routes.
  api::TokenParts routes() const;

 private:
  Parts parts_;
  oauth::ClientAuthentication authentication_;
  oauth::TokenEndpoint endpoint_;
  oauth::TokenInspection inspection_;
};

}  // namespace keystead::app
