#include "authn/place.hpp"

#include <algorithm>

namespace keystead::authn {

std::vector<Place> Places::of(domain::UserId const& user) const {
  std::vector<Place> places;
  auto memberships = users_.list_memberships(user);
  if (memberships.empty()) return places;
  auto role_in = [&](domain::TenantId const& tenant) -> std::optional<domain::Role> {
    auto found = std::ranges::find(memberships, tenant, &domain::Membership::tenant);
    return found == memberships.end() ? std::nullopt : std::optional(found->role);
  };
  for (auto const& tenant : tenants_.list_tenants()) {
    auto role = role_in(tenant.id);
    if (inner_only_) {
      if (!tenant.parent) continue;
      if (!role) role = role_in(*tenant.parent);
    }
    if (role) places.push_back({tenant.id, *role});
  }
  return places;
}

std::optional<Place> Places::find(
    domain::UserId const& user, domain::TenantId const& tenant
) const {
  auto found = tenants_.find_tenant(tenant);
  if (!found || (inner_only_ && !found->parent)) return std::nullopt;
  auto role = users_.find_role(user, tenant);
  if (!role && inner_only_) role = users_.find_role(user, *found->parent);
  return role ? std::optional(Place{tenant, *role}) : std::nullopt;
}

std::string Places::name_of(domain::TenantId const& tenant) const {
  auto found = tenants_.find_tenant(tenant);
  return found ? found->name : std::string();
}

std::optional<Place> Places::only(domain::UserId const& user) const {
  auto places = of(user);
  return places.size() == 1 ? std::optional(places.front()) : std::nullopt;
}

}  // namespace keystead::authn
