// The proof that a principal may do one action. Only authz::Authorizer can make a Permit, and
// tenant data cannot be opened without one.
#pragma once

#include <chrono>
#include <string>

#include "domain/action.hpp"
#include "domain/principal.hpp"

namespace keystead::authz {
class Authorizer;
}

namespace keystead::domain {

class Permit {
 public:
  Principal const& principal() const { return principal_; }
  // NOLINTNEXTLINE(bugprone-unchecked-optional-access): the constructor requires one
  TenantId const& tenant() const { return *principal_.tenant(); }
  Action const& action() const { return *action_; }

 private:
  friend class authz::Authorizer;
  // REQUIRES: a principal of a tenant. The action outlives the permit: actions live as long as the
  // configuration that declares them.
  Permit(Principal const& principal, Action const& action)
      : principal_(principal), action_(&action) {}

  Principal principal_;
  Action const* action_;
};

enum class DenialReason {
  tenant_required,     // the credential is bound to no tenant
  insufficient_scope,  // action->scope would help
  rule,                // a rule of the configuration denies it
  narrowed,            // the credential was narrowed to other tools
  argument,            // an argument has a value that a rule or the credential does not allow
  rate_limited,        // too many calls; retry_after says when
};

// Why there is no Permit, or no further call.
struct Denial {
  Action const* action;  // never null
  DenialReason reason = DenialReason::insufficient_scope;
  std::string rule = {};      // the rule that denied, or the limit that was reached
  std::string argument = {};  // the argument that was refused
  std::chrono::seconds retry_after{0};
};

}  // namespace keystead::domain
