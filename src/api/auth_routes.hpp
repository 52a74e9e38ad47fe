// Who somebody is, told to themselves: GET /api/v1/auth/me for whoever is signed in, and
// /api/v1/auth/verify, which anybody may ask.
#pragma once

#include <vector>

#include "api/route.hpp"
#include "domain/scope.hpp"
#include "store/user_store.hpp"

namespace keystead::api {

// Both outlive the routes.
struct AuthParts {
  store::UserStore& users;
  domain::ScopeCatalog const& scopes;
};

void add_auth_routes(std::vector<Route>& routes, AuthParts const& parts);

}  // namespace keystead::api
