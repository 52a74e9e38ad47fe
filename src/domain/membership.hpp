// Which user belongs to which tenant, and as what.
#pragma once

#include <optional>
#include <string_view>

#include "domain/ids.hpp"

namespace keystead::domain {

// Each may do what the one before it may.
enum class Role { read_only, member, admin, owner };

// As they are written everywhere: owner, admin, member, read-only.
std::string_view name_of(Role role);
// Exactly one of these.
std::optional<Role> parse_role(std::string_view name);

struct Membership {
  UserId user;
  TenantId tenant;
  Role role = Role::read_only;

  friend bool operator==(Membership const&, Membership const&) = default;
};

}  // namespace keystead::domain
