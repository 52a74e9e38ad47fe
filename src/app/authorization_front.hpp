// What of the authorization server people and new clients see: registration, the authorization
// endpoint with its pages, and Connected Apps.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/routes.hpp"
#include "app/installation.hpp"
#include "http/fetcher.hpp"
#include "oauth/client_keys.hpp"

namespace keystead::app {

class AuthorizationFront {
 public:
  struct Parts {
    OAuthConfig const& config;
    domain::Issuers const& issuers;
    std::array<domain::ScopeSet, 4> role_scopes;
    bool takes_assertions;  // see oauth::IdentityAssertions
    http::Fetcher& fetcher;
    api::SignIn const& sign_in;
    authz::AddressGuard& strangers;
    std::function<void(std::vector<domain::GrantId> const&)> forget;  // see oauth::Connections
    authn::Dpop const* dpop;  // null: codes are bound to no keys
  };

  // What the two refer to outlives the object.
  AuthorizationFront(Installation& installation, Parts parts);

  oauth::Clients const& clients() const { return clients_; }
  oauth::ClientKeys& client_keys() { return client_keys_; }
  oauth::Devices const& devices() const { return devices_; }
  // Null: none are taken.
  oauth::PushedRequests const* pushed() const { return pushed_ ? &*pushed_ : nullptr; }
  // The object outlives the routes.
  api::AuthorizationParts routes() const;

 private:
  oauth::ServerMetadata metadata() const;

  Installation& installation_;
  Parts parts_;
  oauth::ClientDocuments documents_;
  oauth::Clients clients_;
  oauth::ClientKeys client_keys_;
  oauth::Registration registration_;
  std::optional<oauth::PushedRequests> pushed_;
  oauth::Consents consents_;
  oauth::Devices devices_;
  oauth::Connections connections_;
  api::ConsentForm form_;
};

// What there is to ask for. The configuration outlives it.
oauth::AccessRules access_rules(
    Config const& config, std::array<domain::ScopeSet, 4> const& role_scopes
);

// Of a client that comes for the first time.
std::vector<std::string> scopes_to_ask_for(Config const& config);

}  // namespace keystead::app
