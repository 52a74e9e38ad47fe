// A handler cannot say who is calling: only authn::Authenticator makes a Principal.

// expect: private constructor of class 'keystead::domain::Principal'

#include "domain/principal.hpp"

namespace keystead::domain {

Principal forge(TenantId const& tenant, KeyId const& key) {
  return Principal(tenant, key, ScopeSet{});
}

}  // namespace keystead::domain
