#include "app/role_scopes.hpp"

#include <algorithm>

namespace keystead::app {

std::array<domain::ScopeSet, 4> role_scopes(
    domain::ScopeCatalog const& catalog, authz::ActionTable const& actions
) {
  domain::ScopeSet all;
  domain::ScopeSet reading;
  for (auto const& scope : catalog.all()) {
    auto with = catalog.resolve_known({&scope.name, 1});
    all |= with;
    bool changes = std::ranges::any_of(actions.all(), [&](domain::Action const& action) {
      return action.effect != domain::Effect::read && !action.needs.empty() &&
             with.contains(action.needs);
    });
    if (!changes) reading |= with;
  }
  std::array<domain::ScopeSet, 4> scopes;
  scopes.fill(all);
  scopes[static_cast<std::size_t>(domain::Role::read_only)] = reading;
  return scopes;
}

}  // namespace keystead::app
