#include "authz/action_table.hpp"

#include <algorithm>

namespace keystead::authz {

Result<domain::Action const*> ActionTable::add(
    std::string name, domain::Effect effect, std::string scope
) {
  if (std::ranges::find(actions_, name, &domain::Action::name) != actions_.end()) {
    return fail(Code::invalid_request, "two things are called \"" + name + "\"");
  }
  domain::ScopeSet needs;
  if (!scope.empty()) {
    // Only the scope itself: who holds a scope that implies it holds it too.
    auto const& all = catalog_.all();
    auto at = std::ranges::find(all, scope, &domain::Scope::name);
    if (at == all.end()) {
      return fail(
          Code::invalid_request, name + " needs scope \"" + scope + "\", which is not declared"
      );
    }
    needs.add(static_cast<std::size_t>(at - all.begin()));
  }
  return &actions_.emplace_back(std::move(name), effect, std::move(scope), needs);
}

}  // namespace keystead::authz
