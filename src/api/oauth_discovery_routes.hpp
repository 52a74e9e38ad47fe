// Where clients find the authorization server: its metadata in both forms, at the root and at the
// addresses that hold the issuer's path. Browsers of any origin may read it. Without an
// authorization server none of these routes exists, so that clients with an API key are not sent
// through a sign-in.
#pragma once

#include <vector>

#include "api/route.hpp"
#include "oauth/metadata.hpp"

namespace keystead::api {

void add_discovery_routes(std::vector<Route>& routes, oauth::ServerMetadata const& server);

}  // namespace keystead::api
