// The control plane at rest: tenants, users, API keys, and the audit log. SQLite serves one
// process; PostgreSQL stands behind the same interface. Every function is safe from any thread, may
// block on the disk, and throws store::Broken if the database does not answer. What a function has
// acknowledged survives kill -9 and a loss of power.
//
// A function that changes something takes the audit entry that says so, and writes both in one
// transaction: an act that cannot be recorded does not happen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/api_key.hpp"
#include "domain/audit_entry.hpp"
#include "domain/tenant.hpp"
#include "store/broken.hpp"
#include "store/seal.hpp"

namespace keystead::store {

class AuthorizationStore;
class ClientStore;
class GrantStore;
class OnceStore;
class SecondFactorStore;
class SessionStore;
class SigningKeyStore;
class UserStore;

struct KeyUse {
  domain::KeyId key;
  Time used_at;
};

// How many keys a tenant may have that are neither revoked nor expired nor narrowed from another. A
// key that is narrowed, or bound to no tenant, is under no quota.
struct KeyQuota {
  std::optional<std::size_t> active_max;
};

class ControlStore {
 public:
  virtual ~ControlStore() = default;

  // Whether any key is stored, of whatever state. The one question before seal_with.
  virtual bool has_keys() = 0;
  // Must be called once, before anything below and by one thread. Keys that an older version left
  // unsealed are sealed now. SQLite ends the keys that its revocation journal says have ended.
  virtual void seal_with(Seal seal) = 0;

  // not_found if the parent is unknown; invalid_request if the parent has a parent itself (two
  // levels at most), or the slug is none; conflict if the id exists, or the slug among the children
  // of the same parent.
  virtual Result<void> add_tenant(
      domain::Tenant const& tenant, domain::AuditEntry const& entry
  ) = 0;
  virtual std::vector<domain::Tenant> list_tenants() = 0;
  virtual std::optional<domain::Tenant> find_tenant(domain::TenantId const& id) = 0;
  // Deletes the tenant with its children, memberships, keys, grants and whatever else leads into
  // it, and returns the ids of the deleted tenants. Users stay. not_found if unknown.
  virtual Result<std::vector<domain::TenantId>> remove_tenant(
      domain::TenantId const& id, domain::AuditEntry const& entry
  ) = 0;

  // What else is in the same database, under the same rules. They end with this.
  virtual UserStore& users() = 0;
  virtual SessionStore& sessions() = 0;
  virtual OnceStore& once() = 0;
  virtual SecondFactorStore& second_factors() = 0;
  virtual ClientStore& clients() = 0;
  virtual GrantStore& grants() = 0;
  virtual AuthorizationStore& authorizations() = 0;
  virtual SigningKeyStore& signing_keys() = 0;

  // not_found if the tenant or the owner is unknown; conflict if the id or the digest exists, the
  // parent has ended at `key.created_at`, or the owner has ended or is a member of neither the
  // tenant nor its parent; invalid_request if the parent is of another tenant or the ancestors
  // are not its own and itself; too_many_requests if the quota is used up at `key.created_at`.
  virtual Result<void> add_key(
      domain::ApiKey const& key, KeyQuota const& quota, domain::AuditEntry const& entry
  ) = 0;
  // Revoked and expired keys are found too: the caller judges. Nothing if it is unknown. A row
  // whose seal does not fit is as good as unknown, and is counted in broken_seals().
  virtual std::optional<domain::ApiKey> find_key(domain::KeyDigest const& digest) = 0;
  virtual std::optional<domain::ApiKey> find_key(domain::KeyId const& id) = 0;
  // Newest first; of one tenant or of all. A row with a broken seal is listed as revoked at time 0.
  virtual std::vector<domain::ApiKey> list_keys(std::optional<domain::TenantId> const& tenant) = 0;
  // Revokes the key and all that were narrowed from it, and ends the grants that stand on them.
  // Revoking twice keeps the first time.
  // Returns the key as it is now, then its descendants; not_found if unknown. A row with a broken
  // seal is revoked all the same, and stays broken: it might be remembered as it was.
  virtual Result<std::vector<domain::ApiKey>> revoke_key(
      domain::KeyId const& id, Time when, domain::AuditEntry const& entry
  ) = 0;
  // invalid_request if the name holds a NUL; not_found if unknown.
  virtual Result<domain::ApiKey> rename_key(
      domain::KeyId const& id, std::string const& name, domain::AuditEntry const& entry
  ) = 0;
  // Ends `old_key` and its descendants at `old_expires_at` (or leaves an earlier end) and adds
  // `new_key`, all or nothing. Returns the old key, then its descendants. conflict if the old key
  // is revoked or expired already; not_found if it is unknown.
  virtual Result<std::vector<domain::ApiKey>> rotate_key(
      domain::KeyId const& old_key,
      Time old_expires_at,
      domain::ApiKey const& new_key,
      Time now,
      domain::AuditEntry const& entry
  ) = 0;
  // Replaces the digest of an imported key by that of the key itself. conflict if it is revoked
  // meanwhile, or has another digest of the key itself already; not_found if it is unknown.
  virtual Result<void> settle_digest(
      domain::KeyId const& id, domain::KeyDigest const& digest, int pepper_version
  ) = 0;
  // Writes "last used" of many keys in one transaction; a time older than the stored one changes
  // nothing.
  virtual void note_key_uses(std::span<KeyUse const> uses) = 0;
  // Calls `visit` for every key that is not revoked and not expired at `now`, in no order.
  virtual void each_active_key(
      Time now, std::function<void(domain::ApiKey const&)> const& visit
  ) = 0;
  // Rows whose seal did not fit, since the start.
  virtual std::uint64_t broken_seals() const = 0;

  // Appends in one transaction, in the order given.
  virtual void append_audit(std::span<domain::AuditEntry const> entries) = 0;
  // Records behind a sequence number, oldest first, at most `limit`. They are as stored: whether
  // the chain holds is for the caller to say (see audit_chain.hpp).
  virtual std::vector<domain::AuditRecord> read_audit(std::uint64_t after, std::size_t limit) = 0;
  // The denial of a request; nothing if there is none.
  virtual std::optional<domain::AuditRecord> find_denial(std::string_view request) = 0;
  // Where the log ends, as stored; nothing if somebody took it away. While the head is missing or
  // its MAC does not fit, nothing is appended, and so no act is done: store::Broken.
  virtual std::optional<AuditHead> audit_head() = 0;
};

}  // namespace keystead::store
