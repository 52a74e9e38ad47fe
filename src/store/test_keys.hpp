// Tenants, keys and what goes with them, for this room's tests.
#pragma once

#include <string>
#include <vector>

#include "base/random.hpp"
#include "domain/api_key.hpp"
#include "domain/audit_entry.hpp"
#include "domain/tenant.hpp"
#include "store/seal.hpp"

namespace keystead::store {

inline Time at(std::int64_t milliseconds) {
  return Time(std::chrono::milliseconds(milliseconds));
}

inline SystemRandom& system_random() {
  static SystemRandom random;
  return random;
}

// The same in every test and every process.
inline std::vector<Pepper> test_peppers() {
  return {Pepper{1, Secret(std::string(16, 'p') + std::string(16, 'q'))}};
}

inline Seal test_seal() {
  return Seal(test_peppers());
}

// For acts whose line in the audit log a test does not look at.
inline domain::AuditEntry make_entry(std::string event = "test.act") {
  domain::AuditEntry entry;
  entry.at = at(1000);
  entry.event = std::move(event);
  entry.actor = "operator";
  return entry;
}

inline domain::Tenant make_tenant(std::string name) {
  std::string slug = domain::slug_of(name);
  return {
      domain::TenantId::mint(system_random()),
      std::move(name),
      std::nullopt,
      at(1000),
      std::move(slug),
  };
}

inline domain::ApiKey make_key(
    std::optional<domain::TenantId> const& tenant, std::string name = "ci"
) {
  domain::ApiKey key;
  key.id = domain::KeyId::mint(system_random());
  key.tenant = tenant;
  key.name = std::move(name);
  key.prefix = "nk_live_7hQ2";
  key.environment = "live";
  key.scopes = {"mcp:read", "mcp:write"};
  system_random().fill(key.digest);
  key.pepper_version = 3;
  key.created_by = "operator";
  key.created_at = at(1000);
  return key;
}

// A key that is narrowed from another.
inline domain::ApiKey make_child(domain::ApiKey const& parent, std::string name = "child") {
  auto key = make_key(parent.tenant, std::move(name));
  key.restriction.ancestors = parent.restriction.ancestors;
  key.restriction.ancestors.push_back(parent.id);
  return key;
}

}  // namespace keystead::store
