#include "jose/jwt_fault.hpp"

namespace keystead::jose {

std::string_view name_of(JwtFault fault) {
  switch (fault) {
    case JwtFault::malformed: return "malformed";
    case JwtFault::unsupported: return "unsupported";
    case JwtFault::algorithm: return "algorithm";
    case JwtFault::unknown_key: return "unknown_key";
    case JwtFault::ambiguous_key: return "ambiguous_key";
    case JwtFault::bad_signature: return "bad_signature";
    case JwtFault::type: return "type";
    case JwtFault::missing_claim: return "missing_claim";
    case JwtFault::issuer: return "issuer";
    case JwtFault::audience: return "audience";
    case JwtFault::expired: return "expired";
    case JwtFault::not_yet: return "not_yet";
  }
  return "malformed";
}

}  // namespace keystead::jose
