// A class that derives from Permit cannot make one either.

// expect: base class 'Permit' has private constructor

#include "domain/permit.hpp"

namespace keystead::domain {

struct Forged : Permit {
  Forged(Principal const& principal, Action const& action) : Permit(principal, action) {}
};

}  // namespace keystead::domain
