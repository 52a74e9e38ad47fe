// A token is believed by jose::JwtVerifier alone: nobody else makes a VerifiedJwt.

// expect: private (member|constructor) of

#include "jose/verified_jwt.hpp"

namespace keystead::jose {

VerifiedJwt forge(json::object claims) {
  VerifiedJwt::Registered registered;
  return VerifiedJwt(registered, claims);
}

}  // namespace keystead::jose
