// Permits for this room's tests. Principal and Permit can only be made by the classes that are
// their friends; the store does not link the rooms where those live, so the tests bring their own.
#pragma once

#include "domain/permit.hpp"

namespace keystead::authn {

class Authenticator {
 public:
  static domain::Principal vouch_for(domain::TenantId const& tenant, std::uint8_t environment = 0) {
    return domain::Principal(tenant, domain::KeyId{}, domain::ScopeSet{}, environment);
  }
};

}  // namespace keystead::authn

namespace keystead::authz {

class Authorizer {
 public:
  static domain::Permit permit(domain::Principal const& principal, domain::Action const& action) {
    return domain::Permit(principal, action);
  }
};

}  // namespace keystead::authz

namespace keystead::store {

inline domain::Permit permit_for(domain::TenantId const& tenant, std::uint8_t environment = 0) {
  static domain::Action const kAnything{};
  return authz::Authorizer::permit(authn::Authenticator::vouch_for(tenant, environment), kAnything);
}

}  // namespace keystead::store
