// What the configuration says about keys: their kinds, their scopes, how many there may be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/key_kind.hpp"
#include "domain/scope.hpp"

namespace keystead::authn {

// Outlives everything that is made from it.
struct KeyRules {
  domain::KeyKinds const& kinds;
  domain::ScopeCatalog const& scopes;
  // Whether a key without scopes has all of them. Where it has not, such a key is refused at its
  // making. With an empty catalog there is nothing to have.
  bool scopeless_is_full = false;
  std::optional<std::size_t> active_max;  // keys of a tenant; see store::KeyQuota
  // Whether tenants have two levels, and keys belong to the inner one only.
  bool inner_tenants_only = false;

  // What a key with these scopes may do: they and all that they imply. One that the configuration
  // no longer knows grants nothing.
  domain::ScopeSet scopes_of(std::span<std::string const> names) const;
};

// The index of an environment, as domain::Principal has it; nothing if the kind has none of the
// name.
std::optional<std::uint8_t> environment_of(domain::KeyKind const& kind, std::string_view name);

}  // namespace keystead::authn
