// What the stores of both databases do to keys, inside a transaction, through a KeyTableOn.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/control_store.hpp"
#include "store/key_table.hpp"

namespace keystead::store {

inline std::unexpected<Failure> no_such_key() {
  return fail(Code::not_found, "no such key");
}

inline bool has_ended(domain::ApiKey const& key, Time now) {
  return key.revoked_at || (key.expires_at && *key.expires_at <= now);
}

// A narrowed key is of its parent's tenant, names the parent's ancestors, and cannot outlive it.
template <class Keys>
Result<void> check_parent(Keys& keys, domain::ApiKey const& key) {
  auto parent_id = parent_of(key);
  if (!parent_id) return {};
  auto parent = keys.find(*parent_id);
  if (!parent || !parent->is_sealed || has_ended(parent->key, key.created_at)) {
    return fail(Code::conflict, "the key that it is narrowed from has ended");
  }
  auto ancestors = parent->key.restriction.ancestors;
  ancestors.push_back(*parent_id);
  if (parent->key.tenant != key.tenant || ancestors != key.restriction.ancestors) {
    return fail(Code::invalid_request, "a key is narrowed within its tenant and its line");
  }
  return {};
}

template <class Keys>
Result<void> check_quota(Keys& keys, domain::ApiKey const& key, KeyQuota const& quota) {
  if (!quota.active_max || !key.tenant || parent_of(key)) return {};
  if (!keys.has_active(*key.tenant, key.created_at, *quota.active_max)) return {};
  return fail(
      Code::too_many_requests,
      "the tenant has " + std::to_string(*quota.active_max) + " active keys, which is the maximum"
  );
}

inline Result<void> check_rotation(
    domain::ApiKey const& old_key, domain::ApiKey const& new_key, Time now
) {
  if (old_key.revoked_at) return fail(Code::conflict, "the key is revoked");
  if (has_ended(old_key, now)) return fail(Code::conflict, "the key is expired");
  if (old_key.tenant != new_key.tenant) {
    return fail(Code::invalid_request, "a key is rotated within its tenant");
  }
  if (old_key.owner != new_key.owner) {
    return fail(Code::invalid_request, "a key stays its owner's when it is rotated");
  }
  return {};
}

inline std::vector<domain::ApiKey> keys_of(std::vector<KeyRow> rows) {
  std::vector<domain::ApiKey> keys;
  keys.reserve(rows.size());
  for (auto& row : rows) keys.push_back(std::move(row.key));
  return keys;
}

// And ends their grants. Returns how many were not revoked yet.
template <class Keys>
Result<std::size_t> revoke(Keys& keys, std::vector<KeyRow>& rows, Time when) {
  std::size_t count = 0;
  for (auto& row : rows) {
    if (row.key.revoked_at) continue;
    row.key.revoked_at = when;
    TRY(keys.update(row));
    keys.end_grants(row.key.id, when);
    ++count;
  }
  return count;
}

template <class Keys>
Result<void> expire(Keys& keys, std::vector<KeyRow>& rows, Time when) {
  for (auto& row : rows) {
    if (has_ended(row.key, when)) continue;
    row.key.expires_at = when;
    TRY(keys.update(row));
  }
  return {};
}

}  // namespace keystead::store
