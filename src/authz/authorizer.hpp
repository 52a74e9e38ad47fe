// The one decision: may this principal do this action? A pure function; tools, routes and listings
// all ask it.
#pragma once

#include <expected>

#include "domain/permit.hpp"

namespace keystead::authz {

class Authorizer {
 public:
  // A Permit, or the Denial that says which scope is missing. `action` must outlive the Permit.
  static std::expected<domain::Permit, domain::Denial> decide(
      domain::Principal const& principal, domain::Action const& action
  ) {
    if (principal.scopes().contains(action.needs)) return domain::Permit(principal, action);
    return std::unexpected(domain::Denial{&action});
  }
};

}  // namespace keystead::authz
