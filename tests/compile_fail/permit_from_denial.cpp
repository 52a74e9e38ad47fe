// What decide() returns has to be asked: it is not a Permit by itself.

// expect: no viable conversion from 'std::expected<domain::Permit, domain::Denial>'

#include "authz/authorizer.hpp"
#include "store/tenant_store.hpp"

namespace keystead {

store::TenantStore forge(
    store::TenantStores& stores, domain::Principal const& principal, domain::Action const& action
) {
  return stores.open(authz::Authorizer::decide(principal, action));
}

}  // namespace keystead
