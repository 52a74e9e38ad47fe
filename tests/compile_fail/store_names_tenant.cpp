// No query takes a tenant: a handler has no parameter to ask for another one's rows by.

// expect: too many arguments to function call, expected 2, have 3

#include "store/tenant_store.hpp"

namespace keystead {

Result<domain::Row> forge(
    store::TenantStore& rows, domain::Collection const& collection, domain::TenantId const& other
) {
  return rows.get(collection, "1", other);
}

}  // namespace keystead
