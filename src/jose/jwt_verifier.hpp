// Token → VerifiedJwt: the one place where a token is believed.
#pragma once

#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "jose/jwk_set.hpp"
#include "jose/jwt_fault.hpp"
#include "jose/jwt_profile.hpp"
#include "jose/verified_jwt.hpp"

namespace keystead::jose {

// Immutable; safe from any thread.
class JwtVerifier {
 public:
  // Code::invalid_request for a profile that would let too much through: without an issuer, without
  // an algorithm, with audience_required but no audience, with a skew below 0 or over 60 s.
  static Result<JwtVerifier> make(JwtProfile profile);

  // Compact JWS of at most 8 KB only; see VerifiedJws. The signature is tested before anything that
  // the claims say, so that a fault about them tells of a genuine token. JwtFault::unknown_key
  // says that a newer `keys` may help. A token is good before exp + skew, and from nbf - skew and
  // iat - skew on.
  JwtResult<VerifiedJwt> verify(std::string_view token, JwkSet const& keys, Time now) const;

  JwtProfile const& profile() const { return profile_; }

 private:
  explicit JwtVerifier(JwtProfile profile) : profile_(std::move(profile)) {}

  JwtResult<void> check_type(json::object const& header) const;
  JwtResult<void> check_parties(VerifiedJwt::Registered const& registered) const;
  JwtResult<void> check_times(VerifiedJwt::Registered const& registered, Time now) const;
  JwtResult<VerifiedJwt::Registered> read_registered(json::object const& claims) const;

  JwtProfile profile_;
};

}  // namespace keystead::jose
