// A Principal does not open tenant data, and is not converted to what does.

// expect: no viable conversion from 'const domain::Principal' to 'const domain::Permit'

#include "store/tenant_store.hpp"

namespace keystead {

store::TenantStore forge(store::TenantStores& stores, domain::Principal const& principal) {
  return stores.open(principal);
}

}  // namespace keystead
