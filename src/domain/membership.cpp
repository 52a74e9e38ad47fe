#include "domain/membership.hpp"

namespace keystead::domain {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::owner: return "owner";
    case Role::admin: return "admin";
    case Role::member: return "member";
    case Role::read_only: break;
  }
  return "read-only";
}

std::optional<Role> parse_role(std::string_view name) {
  for (Role role : {Role::read_only, Role::member, Role::admin, Role::owner}) {
    if (name == name_of(role)) return role;
  }
  return std::nullopt;
}

}  // namespace keystead::domain
