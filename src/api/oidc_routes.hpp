// Signing in at an OpenID Provider, as the browser goes there and comes back:
// GET /sign-in/with/{provider}, POST /account/link/{provider}, GET /sign-in/callback/{provider};
// and POST /sign-in/backchannel/{provider}, where the provider says that somebody signed out there.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "api/route.hpp"
#include "api/sign_in.hpp"
#include "authn/oidc_logout.hpp"
#include "authn/oidc_sign_in.hpp"

namespace keystead::api {

struct OidcParts {
  authn::OidcSignIn& oidc;
  authn::OidcLogout& logout;
  SignIn const& sign_in;
  // Told why somebody was refused, for the log.
  authn::OidcProvider::Report report;
};

// What `parts` refers to outlives the routes.
void add_oidc_routes(std::vector<Route>& routes, OidcParts const& parts);

}  // namespace keystead::api
