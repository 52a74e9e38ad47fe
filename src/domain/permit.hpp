// The proof that a principal may do one action. Only authz::Authorizer can make a Permit, and
// tenant data cannot be opened without one.
#pragma once

#include "domain/action.hpp"
#include "domain/principal.hpp"

namespace keystead::authz {
class Authorizer;
}

namespace keystead::domain {

class Permit {
 public:
  Principal const& principal() const { return principal_; }
  TenantId const& tenant() const { return principal_.tenant(); }
  Action const& action() const { return *action_; }

 private:
  friend class authz::Authorizer;
  // The action outlives the permit: actions live as long as the configuration that declares them.
  Permit(Principal const& principal, Action const& action)
      : principal_(principal), action_(&action) {}

  Principal principal_;
  Action const* action_;
};

// Why there is no Permit.
struct Denial {
  Action const* action;  // never null; the scope that would help is action->scope
};

}  // namespace keystead::domain
