// Only TenantStores makes a TenantStore; not even another function of its room does.

// expect: private constructor of class '.*::TenantStore'|incomplete type '.*::TenantStore::Inside'

#include "store/tenant_store.hpp"

namespace keystead::store {

TenantStore forge() {
  return TenantStore(nullptr);
}

}  // namespace keystead::store
