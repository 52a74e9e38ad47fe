// The table of grants in either database, and how grants end. A grant that lives is sealed as keys
// are; a row that was changed behind our back is none (attack 98). Whoever ends a grant wipes its
// seal, so that it stays ended.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/grant.hpp"
#include "store/scope_list.hpp"
#include "store/seal.hpp"
#include "store/stored_text.hpp"
#include "store/violation.hpp"

namespace keystead::store {

namespace grant_row {

#define KEYSTEAD_GRANT_COLUMNS                                                                 \
  "id, client, user_id, key_id, tenant, parent, scopes, resources, created_at, last_used_at, " \
  "last_address, ended_at, seal_version, mac"

inline constexpr char kInsert[] = "INSERT INTO oauth_grant (" KEYSTEAD_GRANT_COLUMNS
                                  ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelect[] = "SELECT " KEYSTEAD_GRANT_COLUMNS " FROM oauth_grant WHERE id = ?";
// By what it stands on, of which there are indexes: many scripts call themselves the same.
#define KEYSTEAD_ALIKE                                                                       \
  "SELECT " KEYSTEAD_GRANT_COLUMNS                                                           \
  " FROM oauth_grant WHERE client = ?2 AND tenant IS NOT DISTINCT FROM ?3 AND parent IS NOT" \
  " DISTINCT FROM ?4 AND scopes = ?5 AND resources = ?6 AND ended_at IS NULL AND "
inline constexpr char kAlikeOfKey[] = KEYSTEAD_ALIKE "key_id = ?1 ORDER BY created_at";
inline constexpr char kAlikeOfUser[] = KEYSTEAD_ALIKE "user_id = ?1 ORDER BY created_at";
inline constexpr char kAlikeOfClient[] =
    KEYSTEAD_ALIKE "client = ?1 AND key_id IS NULL AND user_id IS NULL ORDER BY created_at";
#undef KEYSTEAD_ALIKE
inline constexpr char kSelectOfUser[] =
    "SELECT " KEYSTEAD_GRANT_COLUMNS
    " FROM oauth_grant WHERE user_id = ? AND ended_at IS NULL AND last_used_at IS NOT NULL"
    " ORDER BY last_used_at DESC, id";
inline constexpr char kSelectOfKey[] =
    "SELECT " KEYSTEAD_GRANT_COLUMNS
    " FROM oauth_grant WHERE key_id = ? AND ended_at IS NULL AND last_used_at IS NOT NULL"
    " ORDER BY last_used_at DESC, id";

#undef KEYSTEAD_GRANT_COLUMNS

inline constexpr char kTouch[] =
    "UPDATE oauth_grant SET last_used_at = ?2, last_address = CASE WHEN ?3 = '' THEN last_address"
    " ELSE ?3 END WHERE id = ?1 AND coalesce(last_used_at, 0) < ?2";
inline constexpr char kLivingOfClient[] =
    "SELECT id FROM oauth_grant WHERE client = ? AND ended_at IS NULL";
inline constexpr char kLivingOfUserAndClient[] =
    "SELECT id FROM oauth_grant WHERE user_id = ? AND client = ? AND tenant IS NOT DISTINCT FROM ?"
    " AND ended_at IS NULL";
// What was exchanged from a grant may be another client's.
inline constexpr char kEndLine[] =
    "WITH RECURSIVE line (member) AS (SELECT ?1 UNION SELECT oauth_grant.id FROM line"
    " JOIN oauth_grant ON oauth_grant.parent = line.member)"
    " UPDATE oauth_grant SET ended_at = ?2, mac = NULL WHERE id IN (SELECT member FROM line) AND"
    " ended_at IS NULL RETURNING id";
// These need no line: what is exchanged stays its bearer's, in the same tenant.
inline constexpr char kEndOfKey[] =
    "UPDATE oauth_grant SET ended_at = ?, mac = NULL WHERE key_id = ? AND ended_at IS NULL";
inline constexpr char kEndOfUser[] =
    "UPDATE oauth_grant SET ended_at = ?, mac = NULL WHERE user_id = ? AND ended_at IS NULL";
// In a tenant, and in those below it that the user belongs to through it alone.
inline constexpr char kEndOfMember[] =
    "UPDATE oauth_grant SET ended_at = ?1, mac = NULL WHERE user_id = ?2 AND ended_at IS NULL AND "
    "(tenant = ?3"
    " OR tenant IN (SELECT id FROM tenant WHERE parent = ?3 AND NOT EXISTS (SELECT 1 FROM"
    " membership WHERE user_id = ?2 AND membership.tenant = tenant.id)))";

// Nothing for a row that is not as we wrote it.
template <class Statement>
std::optional<domain::Grant> read(Statement const& row, SealWatch const& seals) {
  domain::Grant grant;
  grant.id = row.template id<domain::GrantId>(0);
  grant.client = domain::ClientId(std::string(row.text(1)));
  if (!row.is_null(2)) grant.user = row.template id<domain::UserId>(2);
  if (!row.is_null(3)) grant.key = row.template id<domain::KeyId>(3);
  if (!row.is_null(4)) grant.tenant = row.template id<domain::TenantId>(4);
  if (!row.is_null(5)) grant.parent = row.template id<domain::GrantId>(5);
  split_scopes(row.text(6), grant.scopes);
  split_scopes(row.text(7), grant.resources);
  grant.created_at = row.time(8);
  grant.last_used_at = row.time_or_null(9);
  grant.last_address = row.text(10);
  grant.ended_at = row.time_or_null(11);
  if (grant.ended_at) return grant;
  auto mac = row.is_null(13) ? std::span<unsigned char const>() : row.blob(13);
  if (!seals.accepts(grant, static_cast<int>(row.integer(12)), mac)) return std::nullopt;
  return grant;
}

template <class Statement>
std::optional<domain::Grant> read_one(Statement& statement, SealWatch const& seals) {
  while (statement.next()) {
    if (auto grant = read(statement, seals)) return grant;
  }
  return std::nullopt;
}

template <class Statement>
std::vector<domain::Grant> read_all(Statement& statement, SealWatch const& seals) {
  std::vector<domain::Grant> grants;
  while (statement.next()) {
    if (auto grant = read(statement, seals)) grants.push_back(std::move(*grant));
  }
  return grants;
}

template <class Statement>
void read_ids(Statement& statement, std::vector<domain::GrantId>& ids) {
  while (statement.next()) ids.push_back(statement.template id<domain::GrantId>(0));
}

inline constexpr std::size_t kListBytesMax = 16'384;

}  // namespace grant_row

template <class Database>
std::optional<domain::Grant> select_grant(
    Database& database, SealWatch const& seals, domain::GrantId const& id
) {
  auto statement = database.prepare(grant_row::kSelect);
  return grant_row::read_one(statement.bind(id), seals);
}

template <class Database>
std::optional<domain::Grant> select_living_grant(
    Database& database, SealWatch const& seals, domain::GrantId const& id
) {
  auto grant = select_grant(database, seals, id);
  if (grant && grant->ended_at) grant.reset();
  return grant;
}

template <class Database>
std::optional<domain::Grant> select_alike(
    Database& database, SealWatch const& seals, domain::Grant const& grant
) {
  auto scopes = join_scopes(grant.scopes), resources = join_scopes(grant.resources);
  if (!scopes || !resources) return std::nullopt;
  auto find = [&](char const* sql, auto const& bearer) {
    auto statement = database.prepare(sql);
    statement.bind(bearer, grant.client.text(), grant.tenant, grant.parent);
    return grant_row::read_one(statement.bind(*scopes, *resources), seals);
  };
  if (grant.key) return find(grant_row::kAlikeOfKey, *grant.key);
  if (grant.user) return find(grant_row::kAlikeOfUser, *grant.user);
  return find(grant_row::kAlikeOfClient, grant.client.text());
}

template <class Database>
Result<void> insert_grant(Database& database, Seal const& seal, domain::Grant const& grant) {
  TRY(check_stored(grant.client.text(), domain::ClientId::kBytesMax, "the client's id"));
  TRY(check_stored(grant.last_address, 64, "the address"));
  auto scopes = TRY(join_scopes(grant.scopes)), resources = TRY(join_scopes(grant.resources));
  TRY(check_stored(scopes, grant_row::kListBytesMax, "the list of scopes"));
  TRY(check_stored(resources, grant_row::kListBytesMax, "the list of resources"));
  auto insert = database.prepare(grant_row::kInsert);
  insert.bind(grant.id, grant.client.text(), grant.user, grant.key, grant.tenant, grant.parent);
  insert.bind(scopes, resources, grant.created_at, grant.last_used_at, grant.last_address);
  int version = seal.current_version();
  insert.bind(grant.ended_at, version, seal.of(grant, version));
  switch (insert.try_run().kind) {
    case Violation::Kind::none: return {};
    case Violation::Kind::unique: return fail(Code::conflict, "the grant exists already");
    case Violation::Kind::foreign_key: break;
  }
  return fail(Code::not_found, "no such tenant");
}

template <class Database, class... Values>
std::vector<domain::GrantId> select_living(
    Database& database, char const* sql, Values const&... values
) {
  auto statement = database.prepare(sql);
  statement.bind(values...);
  std::vector<domain::GrantId> ids;
  grant_row::read_ids(statement, ids);
  return ids;
}

// Ends these and what was exchanged from them, and returns those that lived.
template <class Database>
std::vector<domain::GrantId> end_lines(
    Database& database, std::vector<domain::GrantId> const& ids, Time when
) {
  std::vector<domain::GrantId> ended;
  for (auto const& id : ids) {
    auto statement = database.prepare(grant_row::kEndLine);
    statement.bind(id, when);
    grant_row::read_ids(statement, ended);
  }
  return ended;
}

}  // namespace keystead::store
