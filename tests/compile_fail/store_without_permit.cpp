// Tenant data is not opened without a Permit.

// expect: too few arguments to function call, single argument 'permit'

#include "store/tenant_store.hpp"

keystead::store::TenantStore forge(keystead::store::TenantStores& stores) {
  return stores.open();
}
