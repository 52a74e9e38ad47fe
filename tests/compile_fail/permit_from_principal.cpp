// To be somebody is not to be allowed: a Principal becomes a Permit only in authz::Authorizer.

// expect: private constructor of class 'keystead::domain::Permit'

#include "domain/permit.hpp"

namespace keystead::domain {

Permit forge(Principal const& principal, Action const& action) {
  return Permit(principal, action);
}

}  // namespace keystead::domain
