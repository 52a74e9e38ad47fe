// A Principal for tests. Only authn::Authenticator can make one and this room does not link authn,
// so the tests define a class of that name. Never include this where authn is linked.
#pragma once

#include "domain/principal.hpp"

namespace keystead::authn {

class Authenticator {
 public:
  static domain::Principal principal(
      domain::TenantId const& tenant,
      domain::KeyId const& key,
      domain::ScopeSet const& scopes,
      std::shared_ptr<domain::Restriction const> restriction = {}
  ) {
    return domain::Principal(tenant, key, scopes, 0, 0, Time::max(), std::move(restriction));
  }
  static domain::Principal of_no_tenant(domain::ScopeSet const& scopes) {
    return domain::Principal(std::nullopt, {}, scopes);
  }
};

}  // namespace keystead::authn
