// The tables of authorization codes and of refresh tokens in either database.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "domain/grant.hpp"
#include "store/stored_text.hpp"
#include "store/violation.hpp"

namespace keystead::store {

namespace code_row {

#define KEYSTEAD_CODE_COLUMNS                                                                     \
  "digest, pepper_version, grant_id, client, redirect_uri, code_challenge, expires_at, used_at, " \
  "key_thumbprint"

inline constexpr char kInsert[] =
    "INSERT INTO authorization_code (" KEYSTEAD_CODE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelect[] =
    "SELECT " KEYSTEAD_CODE_COLUMNS " FROM authorization_code WHERE digest = ? AND expires_at > ?";
// The one who gets a row is the winner (attack 47).
inline constexpr char kUse[] =
    "UPDATE authorization_code SET used_at = ?2 WHERE digest = ?1 AND used_at IS NULL AND"
    " expires_at > ?2 RETURNING grant_id";

#undef KEYSTEAD_CODE_COLUMNS

template <class Statement>
domain::AuthorizationCode read(Statement const& row) {
  domain::AuthorizationCode code;
  row.copy_blob(0, code.digest);
  code.pepper_version = static_cast<int>(row.integer(1));
  code.grant = row.template id<domain::GrantId>(2);
  code.client = domain::ClientId(std::string(row.text(3)));
  code.redirect_uri = row.text(4);
  code.code_challenge = row.text(5);
  code.expires_at = row.time(6);
  code.used_at = row.time_or_null(7);
  code.key_thumbprint = row.text(8);
  return code;
}

}  // namespace code_row

namespace refresh_row {

#define KEYSTEAD_REFRESH_COLUMNS \
  "digest, pepper_version, grant_id, generation, issued_at, expires_at, used_at, key_thumbprint"

inline constexpr char kInsert[] =
    "INSERT INTO refresh_token (" KEYSTEAD_REFRESH_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelect[] =
    "SELECT " KEYSTEAD_REFRESH_COLUMNS
    " FROM refresh_token WHERE digest = ? AND expires_at > ? AND EXISTS (SELECT 1 FROM oauth_grant"
    " WHERE id = grant_id AND ended_at IS NULL)";
inline constexpr char kSelectGeneration[] =
    "SELECT " KEYSTEAD_REFRESH_COLUMNS " FROM refresh_token WHERE grant_id = ? AND generation = ?";
// The one who gets a row is the winner (attack 54).
inline constexpr char kUse[] =
    "UPDATE refresh_token SET used_at = ?2 WHERE digest = ?1 AND used_at IS NULL AND"
    " expires_at > ?2 AND EXISTS (SELECT 1 FROM oauth_grant WHERE id = grant_id AND ended_at IS"
    " NULL) RETURNING " KEYSTEAD_REFRESH_COLUMNS;

#undef KEYSTEAD_REFRESH_COLUMNS

template <class Statement>
std::optional<domain::RefreshToken> read_one(Statement& row) {
  if (!row.next()) return std::nullopt;
  domain::RefreshToken token;
  row.copy_blob(0, token.digest);
  token.pepper_version = static_cast<int>(row.integer(1));
  token.grant = row.template id<domain::GrantId>(2);
  token.generation = static_cast<int>(row.integer(3));
  token.issued_at = row.time(4);
  token.expires_at = row.time(5);
  token.used_at = row.time_or_null(6);
  token.key_thumbprint = row.text(7);
  return token;
}

}  // namespace refresh_row

inline constexpr std::size_t kThumbprintBytesMax = 64;

template <class Database>
Result<void> insert_code(Database& database, domain::AuthorizationCode const& code) {
  TRY(check_stored(code.client.text(), domain::ClientId::kBytesMax, "the client's id"));
  TRY(check_stored(code.redirect_uri, 2048, "the redirect URI"));
  TRY(check_stored(code.key_thumbprint, kThumbprintBytesMax, "the key's thumbprint"));
  auto insert = database.prepare(code_row::kInsert);
  insert.bind(code.digest, code.pepper_version, code.grant, code.client.text(), code.redirect_uri);
  insert.bind(code.code_challenge, code.expires_at, code.used_at, code.key_thumbprint);
  if (insert.try_run()) return fail(Code::conflict, "the code exists already");
  return {};
}

template <class Database>
std::optional<domain::AuthorizationCode> select_code(
    Database& database, domain::GrantSecretDigest const& digest, Time now
) {
  auto statement = database.prepare(code_row::kSelect);
  if (!statement.bind(digest, now).next()) return std::nullopt;
  return code_row::read(statement);
}

template <class Database>
Result<void> insert_refresh_token(Database& database, domain::RefreshToken const& token) {
  TRY(check_stored(token.key_thumbprint, kThumbprintBytesMax, "the key's thumbprint"));
  auto insert = database.prepare(refresh_row::kInsert);
  insert.bind(token.digest, token.pepper_version, token.grant, token.generation);
  insert.bind(token.issued_at, token.expires_at, token.used_at, token.key_thumbprint);
  if (insert.try_run()) return fail(Code::conflict, "the refresh token exists already");
  return {};
}

template <class Database>
std::optional<domain::RefreshToken> select_refresh_token(
    Database& database, domain::GrantSecretDigest const& digest, Time now
) {
  auto statement = database.prepare(refresh_row::kSelect);
  return refresh_row::read_one(statement.bind(digest, now));
}

template <class Database>
std::optional<domain::RefreshToken> use_refresh_token(
    Database& database, domain::GrantSecretDigest const& digest, Time now
) {
  auto statement = database.prepare(refresh_row::kUse);
  return refresh_row::read_one(statement.bind(digest, now));
}

template <class Database>
std::optional<domain::RefreshToken> select_generation(
    Database& database, domain::GrantId const& grant, int generation
) {
  auto statement = database.prepare(refresh_row::kSelectGeneration);
  return refresh_row::read_one(statement.bind(grant, generation));
}

}  // namespace keystead::store
