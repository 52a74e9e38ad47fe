// The tables of one-time codes and of the recovery codes beside them, in either database.
#pragma once

#include <optional>
#include <span>

#include "domain/totp.hpp"
#include "store/stored_bytes.hpp"

namespace keystead::store {

namespace totp_row {

inline constexpr char kSelect[] =
    "SELECT user_id, sealed_secret, pepper_version, confirmed_at, last_step FROM totp"
    " WHERE user_id = ?";
inline constexpr char kInsert[] =
    "INSERT INTO totp (user_id, sealed_secret, pepper_version, confirmed_at, last_step)"
    " VALUES (?, ?, ?, ?, ?)";
inline constexpr char kConfirm[] =
    "UPDATE totp SET confirmed_at = ?3, last_step = ?4 WHERE user_id = ?1 AND sealed_secret = ?2"
    " AND confirmed_at IS NULL RETURNING 1";
inline constexpr char kUseStep[] =
    "UPDATE totp SET last_step = ?2 WHERE user_id = ?1 AND confirmed_at IS NOT NULL AND"
    " last_step < ?2 RETURNING 1";
inline constexpr char kUseRecoveryCode[] =
    "DELETE FROM recovery_code WHERE user_id = ? AND digest = ? RETURNING 1";

}  // namespace totp_row

template <class Database>
std::optional<domain::Totp> select_totp(Database& database, domain::UserId const& user) {
  auto row = database.prepare(totp_row::kSelect);
  if (!row.bind(user).next()) return std::nullopt;
  return domain::Totp{
      .user = row.template id<domain::UserId>(0),
      .sealed_secret = bytes_of(row.blob(1)),
      .pepper_version = static_cast<int>(row.integer(2)),
      .confirmed_at = row.time_or_null(3),
      .last_step = row.integer(4),
  };
}

template <class Database>
void insert_totp(Database& database, domain::Totp const& totp) {
  database.prepare(totp_row::kInsert)
      .bind(totp.user, blob_of(totp.sealed_secret), totp.pepper_version)
      .bind(totp.confirmed_at, totp.last_step)
      .run();
}

template <class Database>
void delete_totp(Database& database, domain::UserId const& user) {
  database.prepare("DELETE FROM totp WHERE user_id = ?").bind(user).run();
  database.prepare("DELETE FROM recovery_code WHERE user_id = ?").bind(user).run();
}

template <class Database>
void insert_recovery_codes(
    Database& database, domain::Totp const& totp, std::span<domain::RecoveryDigest const> digests
) {
  auto insert = database.prepare(
      "INSERT INTO recovery_code (user_id, digest, pepper_version) VALUES (?, ?, ?)"
  );
  for (auto const& digest : digests) {
    insert.again().bind(totp.user, digest, totp.pepper_version).run();
  }
}

}  // namespace keystead::store
