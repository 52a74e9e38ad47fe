// What the grants of the token endpoint work with.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "authn/authenticator.hpp"
#include "authn/dpop.hpp"
#include "authn/key_event.hpp"
#include "domain/scope.hpp"
#include "oauth/access_tokens.hpp"
#include "oauth/checks/client_authentication.hpp"
#include "oauth/identity_assertions.hpp"
#include "oauth/refresh_tokens.hpp"
#include "oauth/token_answer.hpp"
#include "store/authorization_store.hpp"
#include "store/client_store.hpp"
#include "store/grant_store.hpp"

namespace keystead::oauth {

struct GrantSurroundings {
  // How long a refresh token that was used is answered once more with its successor: for a client
  // that got no answer, and for the processes of one program that do not know of one another.
  std::chrono::seconds retry_window;
  domain::ScopeCatalog const& scopes;
  AccessTokens access_tokens;
  RefreshTokens refresh_tokens;
  authn::Authenticator const& authenticator;
  authn::KeyDigester const& digester;
  store::ClientStore& clients;
  store::GrantStore& grants;
  store::AuthorizationStore& authorizations;
  authn::Dpop const* dpop = nullptr;  // null: tokens are bound to no keys
  // Has who remembers tokens forget those of these grants.
  std::function<void(std::vector<domain::GrantId> const&)> forget;
  IdentityAssertions const* assertions;  // null: none are taken
  Clock const& clock;
  Random& random;
};

// A request with the client that it was proven to come from.
struct GrantCall {
  TokenCall const& request;
  ProvenClient const& client;
  std::string_view key_thumbprint = {};  // of the key that is proven; empty: none

  domain::Issuer const& issuer() const { return request.issuer; }
  std::string_view find(std::string_view name) const { return request.request.find(name); }
  authn::Actor actor() const;
  // What a refresh token is bound to: a client that proves itself at each use needs no key for
  // that, and may change it (RFC 9449 §5).
  std::string refresh_key() const {
    return client.is_confidential() ? std::string() : std::string(key_thumbprint);
  }
};

// Whether the request asks for no more scopes and resources than the grant has. Asks no store.
TokenResult<> check_within(
    GrantSurroundings const& with, GrantCall const& call, domain::Grant const& grant
);

// An access token of a person's grant, with the scopes and resources that the request asks for.
TokenResult<TokenAnswer> make_answer(
    GrantSurroundings const& with, GrantCall const& call, domain::Grant const& grant
);

}  // namespace keystead::oauth
