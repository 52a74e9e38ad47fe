// The ways in and out: pages for people under /sign-in, /sign-out and /account, and the same for
// programs that have pages of their own under /api/v1/auth.
#pragma once

#include <string>
#include <vector>

#include "api/provider_way.hpp"
#include "api/route.hpp"
#include "api/sign_in.hpp"

namespace keystead::api {

struct SignInPages {
  std::string title;        // of the service
  std::string tenant_noun;  // workspace
  std::vector<ProviderWay> providers = {};
  bool sends_mail = false;         // to who has forgotten the password
  bool shows_connections = false;  // Connected Apps
};

// `sign_in` outlives the routes.
void add_sign_in_pages(std::vector<Route>& routes, SignIn const& sign_in, SignInPages const& pages);
void add_session_routes(std::vector<Route>& routes, SignIn const& sign_in);
// Passkeys, one-time codes, and signing in with them.
void add_factor_pages(std::vector<Route>& routes, SignIn const& sign_in);
void add_passkey_routes(std::vector<Route>& routes, SignIn const& sign_in);
void add_totp_routes(std::vector<Route>& routes, SignIn const& sign_in);

}  // namespace keystead::api
