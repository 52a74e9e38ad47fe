// Clients, grants, what waits for a person, and signing keys, in PostgreSQL.
#include "store/authorization_store_on.hpp"
#include "store/client_store_on.hpp"
#include "store/postgres/writing.hpp"
#include "store/redemption_acts.hpp"
#include "store/signing_key_store_on.hpp"

namespace keystead::store {

void PostgresControlStore::make_oauth_stores() {
  clients_ = std::make_unique<ClientStoreOn<PostgresControlStore>>(*this);
  grants_ = std::make_unique<GrantStoreOn<PostgresControlStore>>(*this);
  authorizations_ = std::make_unique<AuthorizationStoreOn<PostgresControlStore>>(*this);
  signing_keys_ = std::make_unique<SigningKeyStoreOn<PostgresControlStore>>(*this);
}

}  // namespace keystead::store
