// The table of memberships in either database, and the keys that stand and fall with them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/api_key.hpp"
#include "domain/membership.hpp"
#include "store/broken.hpp"
#include "store/key_acts.hpp"
#include "store/revocation_journal.hpp"
#include "store/user_store.hpp"
#include "store/user_table.hpp"

namespace keystead::store {

namespace membership_row {

template <class Statement>
domain::Role read_role(Statement const& row, int column) {
  auto role = domain::parse_role(row.text(column));
  if (!role) throw Broken("a stored role is none");
  return *role;
}

// Of a tenant and its parent.
inline constexpr char kSelectWayIn[] =
    "SELECT 1 FROM membership WHERE user_id = ?1 AND (tenant = ?2 OR"
    " tenant = (SELECT parent FROM tenant WHERE id = ?2))";

inline constexpr char kSelectSoleOwned[] =
    "SELECT tenant FROM membership WHERE user_id = ?1 AND role = 'owner' AND NOT EXISTS (SELECT 1"
    " FROM membership other WHERE other.tenant = membership.tenant AND other.role = 'owner' AND"
    " other.user_id <> ?1)";

inline constexpr char kSelectKeysOfUser[] =
    "SELECT id FROM api_key WHERE owner = ? AND revoked_at IS NULL ORDER BY rowid";
inline constexpr char kSelectKeysInTenant[] =
    "SELECT id FROM api_key WHERE owner = ?1 AND revoked_at IS NULL AND (tenant = ?2 OR"
    " tenant IN (SELECT id FROM tenant WHERE parent = ?2 AND NOT EXISTS (SELECT 1 FROM membership"
    " WHERE user_id = ?1 AND membership.tenant = tenant.id))) ORDER BY rowid";

}  // namespace membership_row

template <class Database>
std::optional<domain::Role> select_role(
    Database& database, domain::UserId const& user, domain::TenantId const& tenant
) {
  auto statement = database.prepare("SELECT role FROM membership WHERE tenant = ? AND user_id = ?");
  if (!statement.bind(tenant, user).next()) return std::nullopt;
  return membership_row::read_role(statement, 0);
}

// conflict if `tenant`, or any where there is none, would be without an owner were this user none.
template <class Database>
Result<void> check_owners(
    Database& database,
    domain::UserId const& user,
    std::optional<domain::TenantId> const& tenant,
    LastOwner last_owner
) {
  if (last_owner == LastOwner::may_go) return {};
  auto statement = database.prepare(membership_row::kSelectSoleOwned);
  statement.bind(user);
  while (statement.next()) {
    auto owned = statement.template id<domain::TenantId>(0);
    if (tenant && owned != *tenant) continue;
    return fail(
        Code::conflict, "the tenant " + owned.text() + " would be without an owner: name another"
    );
  }
  return {};
}

template <class Database>
Result<void> write_membership(Database& database, domain::Membership const& membership) {
  auto insert = database.prepare(
      "INSERT INTO membership (tenant, user_id, role) VALUES (?, ?, ?)"
      " ON CONFLICT (tenant, user_id) DO UPDATE SET role = excluded.role"
  );
  insert.bind(membership.tenant, membership.user, domain::name_of(membership.role));
  if (insert.try_run()) return fail(Code::not_found, "no such tenant");
  return {};
}

// A key must not come to be behind the back of whoever ends its owner (attack 7): the owner is
// there, and belongs to the key's tenant or to its parent, when the key is written.
template <class Database>
Result<void> check_owner(Database& database, domain::ApiKey const& key) {
  if (!key.owner) return {};
  TRY(need_living_user(database, *key.owner));
  if (!key.tenant) return {};
  auto statement = database.prepare(membership_row::kSelectWayIn);
  if (statement.bind(*key.owner, *key.tenant).next()) return {};
  return fail(Code::conflict, "the key's owner does not belong to the tenant");
}

// The user's keys in one tenant, or in all; those that are not revoked.
template <class Database>
std::vector<domain::KeyId> select_owned_keys(
    Database& database, domain::UserId const& user, std::optional<domain::TenantId> const& tenant
) {
  auto statement = database.prepare(
      tenant ? membership_row::kSelectKeysInTenant : membership_row::kSelectKeysOfUser
  );
  statement.bind(user);
  if (tenant) statement.bind(*tenant);
  return key_row::read_ids(statement);
}

struct EndedKeys {
  std::vector<domain::ApiKey> keys;
  std::vector<KeyEnd> ends;  // for the journal
};

// Revokes these keys and all that were narrowed from them.
template <class Keys>
Result<EndedKeys> end_keys(Keys& keys, std::vector<domain::KeyId> const& ids, Time when) {
  EndedKeys ended;
  for (auto const& id : ids) {
    auto rows = keys.with_descendants(id);
    // What one before it has ended already is there already.
    std::erase_if(rows, [](KeyRow const& row) { return row.key.revoked_at.has_value(); });
    TRY(revoke(keys, rows, when));
    for (auto& key : keys_of(std::move(rows))) ended.keys.push_back(std::move(key));
    ended.ends.push_back({id, when, KeyEnd::Counts::after_restore});
  }
  return ended;
}

}  // namespace keystead::store
