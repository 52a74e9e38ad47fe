// The table of tenants in either database.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/tenant.hpp"

namespace keystead::store {

#define KEYSTEAD_TENANT_COLUMNS "id, name, parent, created_at, slug"

inline constexpr char kSelectTenant[] =
    "SELECT " KEYSTEAD_TENANT_COLUMNS " FROM tenant WHERE id = ?";
inline constexpr char kSelectTenants[] =
    "SELECT " KEYSTEAD_TENANT_COLUMNS " FROM tenant ORDER BY created_at, id";
inline constexpr char kSelectTenantsWithoutSlug[] =
    "SELECT " KEYSTEAD_TENANT_COLUMNS " FROM tenant WHERE slug = '' ORDER BY created_at, id";
inline constexpr char kInsertTenant[] =
    "INSERT INTO tenant (" KEYSTEAD_TENANT_COLUMNS ") VALUES (?, ?, ?, ?, ?)";

#undef KEYSTEAD_TENANT_COLUMNS

inline constexpr std::size_t kSlugBytesMax = 63;

template <class Statement>
domain::Tenant read_tenant(Statement const& row) {
  domain::Tenant tenant{
      .id = row.template id<domain::TenantId>(0),
      .name = std::string(row.text(1)),
      .parent = std::nullopt,
      .created_at = row.time(3),
      .slug = std::string(row.text(4)),
  };
  if (!row.is_null(2)) tenant.parent = row.template id<domain::TenantId>(2);
  return tenant;
}

template <class Statement>
std::vector<domain::Tenant> read_tenants(Statement statement) {
  std::vector<domain::Tenant> tenants;
  while (statement.next()) tenants.push_back(read_tenant(statement));
  return tenants;
}

template <class Database>
std::optional<domain::Tenant> select_tenant(Database& database, domain::TenantId const& id) {
  auto statement = database.prepare(kSelectTenant);
  if (!statement.bind(id).next()) return std::nullopt;
  return read_tenant(statement);
}

// Two levels at most: a parent must not have a parent.
template <class Database>
Result<void> check_parent(Database& database, domain::Tenant const& tenant) {
  if (!tenant.parent) return {};
  auto parent = select_tenant(database, *tenant.parent);
  if (!parent) return fail(Code::not_found, "the parent does not exist");
  if (parent->parent) return fail(Code::invalid_request, "the parent has a parent itself");
  return {};
}

inline bool is_slug(std::string_view text) {
  bool is_good = !text.empty() && text.size() <= kSlugBytesMax && !text.contains("--") &&
                 text.front() != '-' && text.back() != '-';
  return is_good && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace keystead::store
