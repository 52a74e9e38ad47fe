// Tenants and keys for this room's tests.
#pragma once

#include <string>

#include "base/random.hpp"
#include "domain/api_key.hpp"
#include "domain/tenant.hpp"

namespace keystead::store {

inline Time at(std::int64_t milliseconds) {
  return Time(std::chrono::milliseconds(milliseconds));
}

inline SystemRandom& system_random() {
  static SystemRandom random;
  return random;
}

inline domain::Tenant make_tenant(std::string name) {
  return {domain::TenantId::mint(system_random()), std::move(name), std::nullopt, at(1000)};
}

inline domain::ApiKey make_key(domain::TenantId const& tenant, std::string name = "ci") {
  domain::ApiKey key;
  key.id = domain::KeyId::mint(system_random());
  key.tenant = tenant;
  key.name = std::move(name);
  key.prefix = "nk_live_7hQ2";
  key.environment = "live";
  key.scopes = {"mcp:read", "mcp:write"};
  system_random().fill(key.digest);
  key.pepper_version = 3;
  key.created_at = at(1000);
  return key;
}

}  // namespace keystead::store
