// Clients, grants, what waits for a person, and signing keys, in SQLite.
#include "store/authorization_store_on.hpp"
#include "store/client_store_on.hpp"
#include "store/redemption_acts.hpp"
#include "store/signing_key_store_on.hpp"
#include "store/sqlite/writing.hpp"

namespace keystead::store {

void SqliteControlStore::make_oauth_stores() {
  clients_ = std::make_unique<ClientStoreOn<SqliteControlStore>>(*this);
  grants_ = std::make_unique<GrantStoreOn<SqliteControlStore>>(*this);
  authorizations_ = std::make_unique<AuthorizationStoreOn<SqliteControlStore>>(*this);
  signing_keys_ = std::make_unique<SigningKeyStoreOn<SqliteControlStore>>(*this);
}

}  // namespace keystead::store
