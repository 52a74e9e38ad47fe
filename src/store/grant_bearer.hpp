// Whether what a grant stands on is there and lives, when the grant is written: it must not come to
// be behind the back of whoever ends that (attack 7).
#pragma once

#include "store/grant_table.hpp"
#include "store/key_acts.hpp"
#include "store/membership_table.hpp"

namespace keystead::store {

template <class Database>
Result<void> need_member(
    Database& database, domain::UserId const& user, std::optional<domain::TenantId> const& tenant
) {
  TRY(need_living_user(database, user));
  if (!tenant) return {};
  auto statement = database.prepare(membership_row::kSelectWayIn);
  if (statement.bind(user, *tenant).next()) return {};
  return fail(Code::conflict, "the user does not belong to the tenant");
}

template <class Database>
Result<void> need_living_key(
    Database& database, Seal const& seal, domain::KeyId const& id, domain::Grant const& grant
) {
  auto row = KeyTableOn(database, seal).find(id);
  if (!row || !row->is_sealed) return no_such_key();
  if (has_ended(row->key, grant.created_at)) return fail(Code::conflict, "the key has ended");
  if (row->key.tenant == grant.tenant) return {};
  return fail(Code::conflict, "the key is of another tenant");
}

template <class Database>
Result<void> need_living_parent(
    Database& database,
    SealWatch const& seals,
    domain::GrantId const& id,
    domain::Grant const& grant
) {
  auto parent = select_grant(database, seals, id);
  if (!parent) return fail(Code::not_found, "no such grant");
  if (parent->ended_at) return fail(Code::conflict, "the grant has ended");
  bool is_same_bearer = parent->user == grant.user && parent->key == grant.key;
  if (is_same_bearer && parent->tenant == grant.tenant) return {};
  return fail(Code::conflict, "a grant is exchanged within its bearer's");
}

template <class Database>
Result<void> need_bearer(Database& database, SealWatch const& seals, domain::Grant const& grant) {
  if (grant.user) TRY(need_member(database, *grant.user, grant.tenant));
  if (grant.key) TRY(need_living_key(database, seals.seal(), *grant.key, grant));
  if (grant.parent) TRY(need_living_parent(database, seals, *grant.parent, grant));
  return {};
}

}  // namespace keystead::store
