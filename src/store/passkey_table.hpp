// The table of passkeys in either database.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/passkey.hpp"
#include "store/stored_bytes.hpp"
#include "store/stored_text.hpp"

namespace keystead::store {

namespace passkey_row {

#define KEYSTEAD_PASSKEY_COLUMNS \
  "id, user_id, credential, public_key, sign_count, name, created_at, last_used_at"

inline constexpr char kInsert[] =
    "INSERT INTO passkey (" KEYSTEAD_PASSKEY_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelectByCredential[] =
    "SELECT " KEYSTEAD_PASSKEY_COLUMNS " FROM passkey WHERE credential = ?";
inline constexpr char kSelectOfUser[] =
    "SELECT " KEYSTEAD_PASSKEY_COLUMNS " FROM passkey WHERE user_id = ? ORDER BY created_at, id";
inline constexpr char kUse[] =
    "UPDATE passkey SET sign_count = ?2, last_used_at = ?3 WHERE id = ?1 AND"
    " (sign_count < ?2 OR (sign_count = 0 AND ?2 = 0)) RETURNING 1";
inline constexpr char kRename[] =
    "UPDATE passkey SET name = ? WHERE user_id = ? AND id = ? RETURNING 1";
inline constexpr char kDelete[] = "DELETE FROM passkey WHERE user_id = ? AND id = ? RETURNING 1";

#undef KEYSTEAD_PASSKEY_COLUMNS

template <class Statement>
domain::Passkey read(Statement const& row) {
  return {
      .id = row.template id<domain::PasskeyId>(0),
      .user = row.template id<domain::UserId>(1),
      .credential = bytes_of(row.blob(2)),
      .public_key = bytes_of(row.blob(3)),
      .sign_count = static_cast<std::uint32_t>(row.integer(4)),
      .name = std::string(row.text(5)),
      .created_at = row.time(6),
      .last_used_at = row.time_or_null(7),
  };
}

inline Result<void> check_name(std::string_view name) {
  return check_stored(name, domain::kPasskeyNameBytesMax, "the passkey's name");
}

inline std::unexpected<Failure> no_such_passkey() {
  return fail(Code::not_found, "no such passkey");
}

}  // namespace passkey_row

template <class Database>
std::vector<domain::Passkey> select_passkeys(Database& database, domain::UserId const& user) {
  auto statement = database.prepare(passkey_row::kSelectOfUser);
  statement.bind(user);
  std::vector<domain::Passkey> passkeys;
  while (statement.next()) passkeys.push_back(passkey_row::read(statement));
  return passkeys;
}

template <class Database>
Result<void> insert_passkey(Database& database, domain::Passkey const& passkey) {
  TRY(passkey_row::check_name(passkey.name));
  if (select_passkeys(database, passkey.user).size() >= domain::kPasskeysMax) {
    return fail(Code::conflict, "there are as many passkeys as one may have");
  }
  auto insert = database.prepare(passkey_row::kInsert);
  insert.bind(passkey.id, passkey.user, blob_of(passkey.credential), blob_of(passkey.public_key));
  insert.bind(std::int64_t{passkey.sign_count}, passkey.name);
  insert.bind(passkey.created_at, passkey.last_used_at);
  if (insert.try_run()) return fail(Code::conflict, "the passkey exists already");
  return {};
}

}  // namespace keystead::store
