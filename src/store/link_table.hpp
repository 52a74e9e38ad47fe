// The table of one-time links in either database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/one_time_link.hpp"
#include "store/membership_table.hpp"
#include "store/stored_text.hpp"

namespace keystead::store {

namespace link_row {

#define KEYSTEAD_LINK_COLUMNS \
  "digest, pepper_version, user_id, email, tenant, role, created_at, expires_at, used_at, purpose"

inline constexpr char kInsert[] =
    "INSERT INTO one_time_link (" KEYSTEAD_LINK_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelect[] =
    "SELECT " KEYSTEAD_LINK_COLUMNS
    " FROM one_time_link WHERE digest = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?";
inline constexpr char kRedeem[] =
    "UPDATE one_time_link SET used_at = ?3 WHERE digest = ?1 AND purpose = ?2 AND used_at IS NULL"
    " AND expires_at > ?3 RETURNING " KEYSTEAD_LINK_COLUMNS;
inline constexpr char kSelectInvitations[] =
    "SELECT " KEYSTEAD_LINK_COLUMNS
    " FROM one_time_link WHERE tenant = ? AND purpose = 'invitation' AND used_at IS NULL"
    " AND expires_at > ? ORDER BY created_at DESC, email";
inline constexpr char kDeleteInvitation[] =
    "DELETE FROM one_time_link WHERE tenant = ? AND email = ? AND purpose = 'invitation'"
    " AND used_at IS NULL RETURNING 1";
inline constexpr char kDeleteOfUser[] =
    "DELETE FROM one_time_link WHERE user_id = ? AND purpose = ? AND used_at IS NULL";
inline constexpr char kDeleteOfAddress[] =
    "DELETE FROM one_time_link WHERE user_id IS NULL AND email = ? AND"
    " tenant IS NOT DISTINCT FROM ? AND purpose = ? AND used_at IS NULL";

#undef KEYSTEAD_LINK_COLUMNS

// The purpose is the one that was asked for.
template <class Statement>
domain::OneTimeLink read(Statement const& row, domain::LinkPurpose purpose) {
  domain::OneTimeLink link;
  row.copy_blob(0, link.digest);
  link.pepper_version = static_cast<int>(row.integer(1));
  link.purpose = purpose;
  if (!row.is_null(2)) link.user = row.template id<domain::UserId>(2);
  link.email = row.text(3);
  if (!row.is_null(4)) link.tenant = row.template id<domain::TenantId>(4);
  if (!row.is_null(5)) link.role = membership_row::read_role(row, 5);
  link.created_at = row.time(6);
  link.expires_at = row.time(7);
  link.used_at = row.time_or_null(8);
  return link;
}

template <class Database>
std::optional<domain::OneTimeLink> redeem(
    Database& database, domain::LinkDigest const& digest, domain::LinkPurpose purpose, Time now
) {
  auto statement = database.prepare(kRedeem);
  if (!statement.bind(digest, domain::name_of(purpose), now).next()) return std::nullopt;
  return read(statement, purpose);
}

}  // namespace link_row

template <class Database>
Result<void> insert_link(Database& database, domain::OneTimeLink const& link) {
  std::optional<std::string_view> role;
  if (link.role) role = domain::name_of(*link.role);
  auto insert = database.prepare(link_row::kInsert);
  insert.bind(link.digest, link.pepper_version, link.user, link.email, link.tenant, role);
  insert.bind(link.created_at, link.expires_at, link.used_at, domain::name_of(link.purpose));
  switch (insert.try_run().kind) {
    case Violation::Kind::none: return {};
    case Violation::Kind::unique: return fail(Code::conflict, "the link exists already");
    case Violation::Kind::foreign_key: break;
  }
  return fail(Code::not_found, "no such tenant");
}

// Those that the new one takes the place of.
template <class Database>
void delete_superseded(Database& database, domain::OneTimeLink const& link) {
  auto purpose = domain::name_of(link.purpose);
  if (link.user) {
    database.prepare(link_row::kDeleteOfUser).bind(*link.user, purpose).run();
  } else {
    database.prepare(link_row::kDeleteOfAddress).bind(link.email, link.tenant, purpose).run();
  }
}

}  // namespace keystead::store
