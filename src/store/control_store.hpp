// The control plane at rest: tenants, users, API keys. SQLite serves one process; a second store
// can stand behind the same interface. Every function is safe from any thread, may block on the
// disk, and throws store::Broken if the database does not answer. What a function has acknowledged
// survives kill -9 and a loss of power.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/api_key.hpp"
#include "domain/tenant.hpp"

namespace keystead::store {

// The database failed in a way that no input explains: disk full, I/O error, corruption.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct KeyUse {
  domain::KeyId key;
  Time used_at;
};

class ControlStore {
 public:
  virtual ~ControlStore() = default;

  // not_found if the parent is unknown; invalid_request if the parent has a parent itself (two
  // levels at most).
  virtual Result<void> add_tenant(domain::Tenant const& tenant) = 0;
  virtual std::vector<domain::Tenant> list_tenants() = 0;
  virtual std::optional<domain::Tenant> find_tenant(domain::TenantId const& id) = 0;
  // Deletes the tenant with its children, users and keys, and returns the ids of the deleted
  // tenants. not_found if unknown.
  virtual Result<std::vector<domain::TenantId>> remove_tenant(domain::TenantId const& id) = 0;

  // conflict if the e-mail address is taken; not_found if the tenant is unknown.
  virtual Result<void> add_user(domain::User const& user) = 0;

  // not_found if the tenant is unknown; conflict if the digest exists.
  virtual Result<void> add_key(domain::ApiKey const& key) = 0;
  // Revoked and expired keys are found too: the caller judges. Nothing if the digest is unknown.
  virtual std::optional<domain::ApiKey> find_key(domain::KeyDigest const& digest) = 0;
  virtual std::optional<domain::ApiKey> find_key(domain::KeyId const& id) = 0;
  // Newest first; of one tenant or of all.
  virtual std::vector<domain::ApiKey> list_keys(std::optional<domain::TenantId> const& tenant) = 0;
  // Revoking twice keeps the first time. Returns the key as it is now; not_found if unknown.
  virtual Result<domain::ApiKey> revoke_key(domain::KeyId const& id, Time when) = 0;
  // Ends `old_key` at `old_expires_at` (or leaves an earlier end) and adds `new_key`, both or
  // neither. conflict if the old key is revoked or expired already; not_found if it is unknown.
  virtual Result<void> rotate_key(
      domain::KeyId const& old_key, Time old_expires_at, domain::ApiKey const& new_key, Time now
  ) = 0;
  // Writes "last used" of many keys in one transaction; a time older than the stored one changes
  // nothing.
  virtual void note_key_uses(std::span<KeyUse const> uses) = 0;
  // Calls `visit` for every key that is not revoked and not expired at `now`, in no order.
  virtual void each_active_key(
      Time now, std::function<void(domain::ApiKey const&)> const& visit
  ) = 0;
};

}  // namespace keystead::store
