// POST /oauth/register: clients that introduce themselves (RFC 7591). Pages of any origin may call
// it, since some clients are pages.
#pragma once

#include <vector>

#include "api/route.hpp"
#include "authz/address_guard.hpp"
#include "domain/issuer.hpp"
#include "oauth/registration.hpp"

namespace keystead::api {

// All outlive the routes.
void add_registration_routes(
    std::vector<Route>& routes,
    domain::Issuers const& issuers,
    oauth::Registration const& registration,
    authz::AddressGuard& strangers
);

}  // namespace keystead::api
