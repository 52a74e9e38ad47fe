// The one way to tenant data: whoever is handed a Principal asks the Authorizer, and opens the
// store with its Permit.
#include "authz/authorizer.hpp"
#include "store/tenant_store.hpp"

namespace keystead {

Result<domain::Row> read(
    domain::Principal const& principal,
    domain::Action const& action,
    store::TenantStores& stores,
    domain::Collection const& collection
) {
  auto permit = authz::Authorizer::decide(principal, action);
  if (!permit) return fail(Code::forbidden, "no");
  store::TenantStore rows = stores.open(*permit);
  return rows.get(collection, "1");
}

}  // namespace keystead
