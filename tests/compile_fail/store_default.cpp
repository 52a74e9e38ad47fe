// There is no empty TenantStore that could be pointed at a tenant later.

// expect: no matching constructor for initialization of 'store::TenantStore'

#include "store/tenant_store.hpp"

keystead::store::TenantStore forge() {
  using namespace keystead;
  return store::TenantStore();
}
