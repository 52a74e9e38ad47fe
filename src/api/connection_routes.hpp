// Connected Apps: /account/connections for people, /api/v1/connections for programs of theirs.
#pragma once

#include <vector>

#include "api/route.hpp"
#include "api/sign_in.hpp"
#include "oauth/connections.hpp"

namespace keystead::api {

// Both outlive the routes.
struct ConnectionParts {
  SignIn const& sign_in;
  oauth::Connections const& connections;
};

void add_connection_routes(std::vector<Route>& routes, ConnectionParts const& parts);

}  // namespace keystead::api
