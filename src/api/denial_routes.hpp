// GET /api/v1/denials/{id}: why a request was denied, for those who can do something about it.
#pragma once

#include <functional>
#include <vector>

#include "api/route.hpp"
#include "store/control_store.hpp"

namespace keystead::api {

struct DenialParts {
  domain::Action const* read;
  store::ControlStore& store;
  // Writes what is still waiting to be recorded.
  std::function<void()> flush;
};

// What `parts` refers to outlives the routes.
void add_denial_routes(std::vector<Route>& routes, DenialParts const& parts);

// {"id", "at", "reason", "subject", "actor", "action", "rule", "scope_needed", "scopes_held",
// "would_grant", …}
boost::json::object describe_denial(domain::AuditRecord const& record);

}  // namespace keystead::api
