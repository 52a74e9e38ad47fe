// Users, sessions, second factors and what counts once, in PostgreSQL.
#include "store/membership_acts.hpp"
#include "store/once_store_on.hpp"
#include "store/postgres/writing.hpp"
#include "store/second_factor_store_on.hpp"
#include "store/session_store_on.hpp"
#include "store/user_acts.hpp"

namespace keystead::store {

void PostgresControlStore::make_user_stores() {
  users_ = std::make_unique<UserStoreOn<PostgresControlStore>>(*this);
  sessions_ = std::make_unique<SessionStoreOn<PostgresControlStore>>(*this);
  once_ = std::make_unique<OnceStoreOn<PostgresControlStore>>(*this);
  second_factors_ = std::make_unique<SecondFactorStoreOn<PostgresControlStore>>(*this);
}

}  // namespace keystead::store
