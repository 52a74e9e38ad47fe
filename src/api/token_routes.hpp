// What clients call of the authorization server: the token endpoint, device authorization (RFC
// 8628), revocation, introspection, the requests that they push, and the keys that verify our
// tokens.
#pragma once

#include <vector>

#include "api/refusals.hpp"
#include "api/route.hpp"
#include "authn/token_keys.hpp"
#include "authz/address_guard.hpp"
#include "oauth/devices.hpp"
#include "oauth/pushed_requests.hpp"
#include "oauth/token_endpoint.hpp"
#include "oauth/token_inspection.hpp"

namespace keystead::api {

// All of it outlives the routes.
struct TokenParts {
  domain::Issuers const& issuers;
  oauth::ClientAuthentication const& authentication;
  oauth::TokenEndpoint const& endpoint;
  oauth::Devices const& devices;
  oauth::PushedRequests const* pushed;  // null: none are taken
  oauth::TokenInspection const& inspection;
  authn::TokenKeys& keys;
  authz::AddressGuard& guard;  // the one against guessing keys: a secret is guessed here alike
  authz::AddressGuard& strangers;
  Refusals const& refusals;
  authn::Dpop const* dpop = nullptr;  // null: tokens are bound to no keys
};

void add_token_routes(std::vector<Route>& routes, TokenParts const& parts);

}  // namespace keystead::api
