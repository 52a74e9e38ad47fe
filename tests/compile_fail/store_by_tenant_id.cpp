// No tenant id, wherever it comes from, opens tenant data.

// expect: no viable conversion from 'const domain::TenantId' .*to 'const domain::Permit'

#include "store/tenant_store.hpp"

namespace keystead {

store::TenantStore forge(store::TenantStores& stores, domain::TenantId const& tenant) {
  return stores.open(tenant);
}

}  // namespace keystead
