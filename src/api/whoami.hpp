// GET /api/v1/whoami: which credential the caller holds and what it may do. It does not say which
// tenant: callers never see that id. It is answered in memory, so it is also the cheapest way to
// try a key.
#pragma once

#include "domain/principal.hpp"
#include "http/response.hpp"

namespace keystead::api {

// {"key_id":…,"scopes":[…]}
void describe_caller(
    domain::Principal const& principal, domain::ScopeCatalog const& scopes, http::Response& response
);

}  // namespace keystead::api
