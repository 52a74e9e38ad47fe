// The table of sessions in either database.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "domain/session.hpp"
#include "store/stored_text.hpp"
#include "store/violation.hpp"

namespace keystead::store {

namespace session_row {

#define KEYSTEAD_SESSION_COLUMNS                                                            \
  "id, user_id, digest, pepper_version, created_at, last_seen_at, idle_until, expires_at, " \
  "signed_in_by, address, user_agent, tenant"

inline constexpr char kInsert[] = "INSERT INTO session (" KEYSTEAD_SESSION_COLUMNS
                                  ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelectByDigest[] =
    "SELECT " KEYSTEAD_SESSION_COLUMNS " FROM session WHERE digest = ? AND idle_until > ?";
inline constexpr char kSelectOfUser[] =
    "SELECT " KEYSTEAD_SESSION_COLUMNS
    " FROM session WHERE user_id = ? AND idle_until > ? ORDER BY last_seen_at DESC, id";
inline constexpr char kTouch[] =
    "UPDATE session SET last_seen_at = ?1, idle_until = CASE WHEN ?2 < expires_at THEN ?2"
    " ELSE expires_at END WHERE id = ?3 AND last_seen_at < ?1 AND idle_until > ?1";
inline constexpr char kRotate[] =
    "UPDATE session SET digest = ?2, pepper_version = ?3, tenant = ?5 WHERE digest = ?1 AND"
    " idle_until > ?4";
inline constexpr char kDelete[] =
    "DELETE FROM session WHERE user_id = ? AND id = ? RETURNING " KEYSTEAD_SESSION_COLUMNS;
inline constexpr char kDeleteOfUser[] =
    "DELETE FROM session WHERE user_id = ? RETURNING " KEYSTEAD_SESSION_COLUMNS;
inline constexpr char kDeleteOthers[] =
    "DELETE FROM session WHERE user_id = ? AND id <> ? RETURNING " KEYSTEAD_SESSION_COLUMNS;

#undef KEYSTEAD_SESSION_COLUMNS

template <class Statement>
domain::Session read(Statement const& row) {
  domain::Session session;
  session.id = row.template id<domain::SessionId>(0);
  session.user = row.template id<domain::UserId>(1);
  row.copy_blob(2, session.digest);
  session.pepper_version = static_cast<int>(row.integer(3));
  session.created_at = row.time(4);
  session.last_seen_at = row.time(5);
  session.idle_until = row.time(6);
  session.expires_at = row.time(7);
  session.signed_in_by = row.text(8);
  session.address = row.text(9);
  session.user_agent = row.text(10);
  if (!row.is_null(11)) session.tenant = row.template id<domain::TenantId>(11);
  return session;
}

template <class Statement>
std::vector<domain::Session> read_all(Statement& statement) {
  std::vector<domain::Session> sessions;
  while (statement.next()) sessions.push_back(read(statement));
  return sessions;
}

inline Result<void> check(domain::Session const& session) {
  TRY(check_stored(session.signed_in_by, 520, "the way of signing in"));
  TRY(check_stored(session.address, 64, "the address"));
  return check_stored(session.user_agent, 200, "the user agent");
}

}  // namespace session_row

template <class Database>
Result<void> insert_session(Database& database, domain::Session const& session) {
  TRY(session_row::check(session));
  auto insert = database.prepare(session_row::kInsert);
  insert.bind(session.id, session.user, session.digest, session.pepper_version);
  insert.bind(session.created_at, session.last_seen_at);
  insert.bind(std::min(session.idle_until, session.expires_at), session.expires_at);
  insert.bind(session.signed_in_by, session.address, session.user_agent, session.tenant);
  switch (insert.try_run().kind) {
    case Violation::Kind::none: return {};
    case Violation::Kind::unique: return fail(Code::conflict, "the session exists already");
    case Violation::Kind::foreign_key: break;
  }
  return fail(Code::not_found, "no such tenant");
}

template <class Database>
std::optional<domain::Session> select_session(
    Database& database, domain::SessionDigest const& digest, Time now
) {
  auto statement = database.prepare(session_row::kSelectByDigest);
  if (!statement.bind(digest, now).next()) return std::nullopt;
  return session_row::read(statement);
}

// Runs a DELETE with RETURNING, and says how many rows that were.
template <class Database, class... Values>
std::size_t delete_counted(Database& database, char const* sql, Values const&... values) {
  auto statement = database.prepare(sql);
  statement.bind(values...);
  std::size_t count = 0;
  while (statement.next()) ++count;
  return count;
}

// These return what they have deleted.

template <class Database>
std::vector<domain::Session> delete_session(
    Database& database, domain::UserId const& user, domain::SessionId const& id
) {
  auto statement = database.prepare(session_row::kDelete);
  return session_row::read_all(statement.bind(user, id));
}

template <class Database>
std::vector<domain::Session> delete_sessions(
    Database& database, domain::UserId const& user, std::optional<domain::SessionId> const& keep
) {
  auto statement = database.prepare(keep ? session_row::kDeleteOthers : session_row::kDeleteOfUser);
  statement.bind(user);
  if (keep) statement.bind(*keep);
  return session_row::read_all(statement);
}

}  // namespace keystead::store
