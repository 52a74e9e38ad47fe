// How many grants one bearer has for which nobody was asked. Whoever holds a key may call itself
// anything and ask for any part of what it has, and each is a row.
#pragma once

#include "domain/grant.hpp"
#include "store/session_table.hpp"

namespace keystead::store {

namespace standing_grant_row {

// A person's consent has a line of refresh tokens.
#define KEYSTEAD_STANDING                                                                \
  " FROM oauth_grant WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM refresh_token" \
  " WHERE grant_id = oauth_grant.id) AND "
#define KEYSTEAD_IDLE " AND coalesce(last_used_at, created_at) < ?2 RETURNING 1"
#define KEYSTEAD_OF_KEY "key_id = ?1"
#define KEYSTEAD_OF_USER "user_id = ?1"
#define KEYSTEAD_OF_CLIENT "client = ?1 AND key_id IS NULL AND user_id IS NULL"

inline constexpr char kCountOfKey[] = "SELECT count(*)" KEYSTEAD_STANDING KEYSTEAD_OF_KEY;
inline constexpr char kCountOfUser[] = "SELECT count(*)" KEYSTEAD_STANDING KEYSTEAD_OF_USER;
inline constexpr char kCountOfClient[] = "SELECT count(*)" KEYSTEAD_STANDING KEYSTEAD_OF_CLIENT;
inline constexpr char kDropOfKey[] = "DELETE" KEYSTEAD_STANDING KEYSTEAD_OF_KEY KEYSTEAD_IDLE;
inline constexpr char kDropOfUser[] = "DELETE" KEYSTEAD_STANDING KEYSTEAD_OF_USER KEYSTEAD_IDLE;
inline constexpr char kDropOfClient[] = "DELETE" KEYSTEAD_STANDING KEYSTEAD_OF_CLIENT KEYSTEAD_IDLE;

#undef KEYSTEAD_OF_CLIENT
#undef KEYSTEAD_OF_USER
#undef KEYSTEAD_OF_KEY
#undef KEYSTEAD_IDLE
#undef KEYSTEAD_STANDING

}  // namespace standing_grant_row

// Deletes those of the grant's bearer that nobody has used since `idle_since` where there are
// `most` or more. False if there are still so many.
template <class Database>
bool make_room(Database& database, domain::Grant const& grant, std::size_t most, Time idle_since) {
  using namespace standing_grant_row;
  auto among = [&](char const* count_sql, char const* drop_sql, auto const& bearer) {
    auto count = database.prepare(count_sql);
    count.bind(bearer);
    auto living = count.next() ? static_cast<std::size_t>(count.integer(0)) : 0;
    return living < most || living - delete_counted(database, drop_sql, bearer, idle_since) < most;
  };
  if (grant.key) return among(kCountOfKey, kDropOfKey, *grant.key);
  if (grant.user) return among(kCountOfUser, kDropOfUser, *grant.user);
  return among(kCountOfClient, kDropOfClient, grant.client.text());
}

}  // namespace keystead::store
