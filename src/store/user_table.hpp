// The tables of users and of their identities, in either database.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/identity.hpp"
#include "domain/user.hpp"
#include "store/stored_text.hpp"

namespace keystead::store {

namespace user_row {

#define KEYSTEAD_USER_COLUMNS "id, email, is_local, name, password, created_at, ended_at"

inline constexpr char kInsert[] =
    "INSERT INTO \"user\" (" KEYSTEAD_USER_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelectById[] = "SELECT " KEYSTEAD_USER_COLUMNS " FROM \"user\" WHERE id = ?";
inline constexpr char kSelectByEmail[] =
    "SELECT " KEYSTEAD_USER_COLUMNS
    " FROM \"user\" WHERE email = ? AND is_local AND ended_at IS NULL";
inline constexpr char kSelectByIdentity[] =
    "SELECT " KEYSTEAD_USER_COLUMNS
    " FROM \"user\" WHERE id = (SELECT user_id FROM identity WHERE issuer = ? AND subject = ?)";
inline constexpr char kSelectPage[] =
    "SELECT " KEYSTEAD_USER_COLUMNS " FROM \"user\" WHERE id > ? ORDER BY id LIMIT ?";
inline constexpr char kSelectFirstPage[] =
    "SELECT " KEYSTEAD_USER_COLUMNS " FROM \"user\" ORDER BY id LIMIT ?";
inline constexpr char kSelectMembers[] =
    "SELECT " KEYSTEAD_USER_COLUMNS
    ", role FROM membership JOIN \"user\" ON id = user_id WHERE tenant = ? ORDER BY id";

#undef KEYSTEAD_USER_COLUMNS

inline constexpr int kColumns = 7;

template <class Statement>
domain::User read(Statement const& row) {
  domain::User user;
  user.id = row.template id<domain::UserId>(0);
  user.email = row.text(1);
  user.is_local = row.integer(2) != 0;
  user.name = row.text(3);
  if (!row.is_null(4)) user.password = Secret(std::string(row.text(4)));
  user.created_at = row.time(5);
  user.ended_at = row.time_or_null(6);
  return user;
}

template <class Statement>
std::optional<domain::User> read_one(Statement& statement) {
  if (!statement.next()) return std::nullopt;
  return read(statement);
}

template <class Statement>
std::vector<domain::User> read_all(Statement& statement) {
  std::vector<domain::User> users;
  while (statement.next()) users.push_back(read(statement));
  return users;
}

}  // namespace user_row

inline std::unexpected<Failure> no_such_user() {
  return fail(Code::not_found, "no such user");
}

inline Result<void> check_email(std::string const& email, bool is_local) {
  if (email.empty() && !is_local) return {};
  if (domain::parse_email(email) == email) return {};
  return fail(Code::invalid_request, "that is not an e-mail address");
}

inline Result<void> check_user_name(std::string_view name) {
  return check_stored(name, domain::kUserNameBytesMax, "the name");
}

inline Result<void> check_password(std::string_view phc) {
  constexpr std::size_t kBytesMax = 512;
  return check_stored(phc, kBytesMax, "the password's hash");
}

template <class Database>
std::optional<domain::User> select_user(Database& database, domain::UserId const& id) {
  auto statement = database.prepare(user_row::kSelectById);
  return user_row::read_one(statement.bind(id));
}

template <class Database>
std::optional<domain::User> select_user(Database& database, domain::Identity const& identity) {
  auto statement = database.prepare(user_row::kSelectByIdentity);
  return user_row::read_one(statement.bind(identity.issuer(), identity.subject()));
}

// not_found if there is none, conflict if it has ended.
template <class Database>
Result<domain::User> need_living_user(Database& database, domain::UserId const& id) {
  auto user = select_user(database, id);
  if (!user) return no_such_user();
  if (user->ended_at) return fail(Code::conflict, "the user has ended");
  return std::move(*user);
}

template <class Database>
Result<void> insert_user(Database& database, domain::User const& user) {
  TRY(check_email(user.email, user.is_local));
  TRY(check_user_name(user.name));
  std::optional<std::string_view> password;
  if (user.password) password = user.password->reveal();
  TRY(check_password(password.value_or("")));
  if (password && !user.is_local) {
    return fail(Code::invalid_request, "an external user has no password here");
  }
  auto insert = database.prepare(user_row::kInsert);
  insert.bind(user.id, user.email, user.is_local, user.name, password);
  insert.bind(user.created_at, user.ended_at);
  if (auto violation = insert.try_run()) {
    bool is_email_taken = violation.text.contains("email");
    return fail(
        Code::conflict, is_email_taken ? "the e-mail address is taken" : "the user exists already"
    );
  }
  return {};
}

template <class Database>
void insert_identity(
    Database& database, domain::Identity const& identity, domain::UserId const& user
) {
  database.prepare("INSERT INTO identity (issuer, subject, user_id) VALUES (?, ?, ?)")
      .bind(identity.issuer(), identity.subject(), user)
      .run();
}

template <class Database>
std::vector<domain::Identity> select_identities(Database& database, domain::UserId const& user) {
  auto statement = database.prepare(
      "SELECT issuer, subject FROM identity WHERE user_id = ? ORDER BY issuer, subject"
  );
  statement.bind(user);
  std::vector<domain::Identity> identities;
  while (statement.next()) {
    auto identity =
        domain::Identity::make(std::string(statement.text(0)), std::string(statement.text(1)));
    if (identity) identities.push_back(std::move(*identity));
  }
  return identities;
}

}  // namespace keystead::store
