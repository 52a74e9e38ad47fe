// Where clients find the authorization server: its metadata in both forms, at the root and at the
// addresses that hold the issuer's path; those of a tenant's issuer at the addresses of its own.
// Browsers of any origin may read it. Without an authorization server none of these routes exists,
// so that clients with an API key are not sent through a sign-in.
#pragma once

#include <vector>

#include "api/route.hpp"
#include "domain/issuer.hpp"
#include "oauth/metadata.hpp"

namespace keystead::api {

// `server` is what the root says of itself; the others differ in their names alone. The issuers
// outlive the routes.
void add_discovery_routes(
    std::vector<Route>& routes, domain::Issuers const& issuers, oauth::ServerMetadata const& server
);

}  // namespace keystead::api
