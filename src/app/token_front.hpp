// What of the authorization server clients call: the token endpoint, device authorization,
// revocation, introspection and the keys. What tokens say is believed elsewhere, by
// authn::OwnTokens.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/routes.hpp"
#include "app/installation.hpp"
#include "authn/own_tokens.hpp"

namespace keystead::app {

// Who issues the tokens of a service at this address: they are for its MCP endpoint, and those of a
// tenant's own issuer for the same below the tenant's address.
domain::Issuers issuers_of(Config const& config, std::string const& public_url);

// What reads the tokens that the keys have signed.
Result<std::unique_ptr<authn::OwnTokens>> open_own_tokens(
    Installation& installation,
    authn::TokenKeys& keys,
    domain::Issuers const& issuers,
    std::array<domain::ScopeSet, 4> const& role_scopes,
    authn::Dpop const* dpop
);

class TokenFront {
 public:
  struct Parts {
    OAuthConfig const& config;
    authn::TokenKeys& keys;
    domain::Issuers const& issuers;
    authn::Authenticator const& authenticator;
    authn::OwnTokens& own_tokens;
    authn::ExternalTokens* external_tokens;  // null: there are no issuers
    oauth::AccessRules access;
    oauth::Clients const& clients;
    oauth::ClientKeys& client_keys;
    oauth::Devices const& devices;
    oauth::PushedRequests const* pushed;  // null: none are taken
    authz::AddressGuard& guard;
    authz::AddressGuard& strangers;
    api::Refusals const& refusals;
    authn::Dpop const* dpop;  // null: tokens are bound to no keys
  };

  // What the two refer to outlives the object.
  TokenFront(Installation& installation, Parts const& parts);

  // The object outlives the routes.
  api::TokenParts routes() const;

 private:
  Parts parts_;
  oauth::ClientAuthentication authentication_;
  std::optional<oauth::IdentityAssertions> assertions_;
  oauth::TokenEndpoint endpoint_;
  oauth::TokenInspection inspection_;
};

}  // namespace keystead::app
