// Whose data it is. Tenants form a tree of at most two levels; configuration says what they are
// called.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

struct Tenant {
  TenantId id;
  std::string name;
  std::optional<TenantId> parent;
  Time created_at;
};

struct User {
  UserId id;
  TenantId tenant;
  std::string email;          // lower case, unique in the installation
  std::string password_hash;  // PHC string; empty while the user has none
  Time created_at;
};

}  // namespace keystead::domain
