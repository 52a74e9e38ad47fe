#include "authn/key_rules.hpp"

#include <algorithm>

namespace keystead::authn {

// The names decide what "without scopes" means, not the set: a key whose scopes were all taken out
// of the configuration must not become a full one.
domain::ScopeSet KeyRules::scopes_of(std::span<std::string const> names) const {
  if (!names.empty() || !scopeless_is_full) return scopes.resolve_known(names);
  domain::ScopeSet all;
  for (std::size_t i = 0; i < scopes.all().size(); ++i) all.add(i);
  return all;
}

std::optional<std::uint8_t> environment_of(domain::KeyKind const& kind, std::string_view name) {
  auto const& names = kind.format.environments();
  if (names.empty()) return name.empty() ? std::optional<std::uint8_t>(0) : std::nullopt;
  auto at = std::ranges::find(names, name);
  if (at == names.end()) return std::nullopt;
  return static_cast<std::uint8_t>(at - names.begin());
}

}  // namespace keystead::authn
