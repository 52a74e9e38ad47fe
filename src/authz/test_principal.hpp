// A Principal for tests. Only authn::Authenticator can make one and this room does not link authn,
// so the tests define a class of that name. Never include this where authn is linked.
#pragma once

#include "domain/principal.hpp"

namespace keystead::authn {

class Authenticator {
 public:
  struct Wanted {
    std::optional<domain::TenantId> tenant = domain::TenantId{};
    domain::ScopeSet scopes = {};
    std::uint8_t environment = 0;
    std::uint8_t kind = 0;
    std::shared_ptr<domain::Restriction const> restriction = {};
  };
  static domain::Principal principal(Wanted const& wanted) {
    return domain::Principal(
        wanted.tenant,
        {},
        wanted.scopes,
        wanted.environment,
        wanted.kind,
        Time::max(),
        wanted.restriction
    );
  }
};

}  // namespace keystead::authn
