// What the people of a tenant may do, by their role in it.
#pragma once

#include <array>

#include "authz/action_table.hpp"
#include "domain/membership.hpp"
#include "domain/scope.hpp"

namespace keystead::app {

// By domain::Role. Read-only has the scopes with none of which alone anything can be changed; all
// others have every scope. That an owner and an admin also manage the keys of others is not a
// scope: see domain::Principal::manages.
std::array<domain::ScopeSet, 4> role_scopes(
    domain::ScopeCatalog const& catalog, authz::ActionTable const& actions
);

}  // namespace keystead::app
