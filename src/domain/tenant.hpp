// Whose data it is. Tenants form a tree of at most two levels; configuration says what they are
// called.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

struct Tenant {
  TenantId id;
  std::string name;
  std::optional<TenantId> parent;
  Time created_at;
  // The name as it stands in a path: a-z, 0-9 and single hyphens, 1 to 63 bytes. Unique among the
  // tenants of one parent.
  std::string slug;
};

// A slug made of a name: letters without accents, everything else a hyphen; "tenant" if nothing is
// left.
std::string slug_of(std::string_view name);

}  // namespace keystead::domain
