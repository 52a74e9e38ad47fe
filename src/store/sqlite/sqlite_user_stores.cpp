// Users, sessions, second factors and what counts once, in SQLite.
#include "store/membership_acts.hpp"
#include "store/once_store_on.hpp"
#include "store/second_factor_store_on.hpp"
#include "store/session_store_on.hpp"
#include "store/sqlite/writing.hpp"
#include "store/user_acts.hpp"

namespace keystead::store {

void SqliteControlStore::make_user_stores() {
  users_ = std::make_unique<UserStoreOn<SqliteControlStore>>(*this);
  sessions_ = std::make_unique<SessionStoreOn<SqliteControlStore>>(*this);
  once_ = std::make_unique<OnceStoreOn<SqliteControlStore>>(*this);
  second_factors_ = std::make_unique<SecondFactorStoreOn<SqliteControlStore>>(*this);
}

}  // namespace keystead::store
