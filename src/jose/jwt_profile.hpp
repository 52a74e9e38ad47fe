// What the tokens of one issuer must be like: configuration, not something a token has a say in.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "jose/algorithm.hpp"

namespace keystead::jose {

constexpr std::chrono::seconds kClockSkewMax{60};

struct JwtProfile {
  // Equal to `iss`, byte for byte (attack 28).
  std::string issuer;

  // One of these must be a member of `aud`, byte for byte (attack 27).
  std::vector<std::string> audiences;
  // False: a token may come without `aud`, for an issuer whose tokens have none and are told apart
  // by another claim, such as azp, that the caller checks. A token that has one must still have one
  // of `audiences`, so that with none configured it is refused: it is meant for somebody else.
  bool audience_required = true;

  // At least one.
  std::vector<Algorithm> algorithms;

  // The values of `typ` that are accepted, without "application/" and in any case (RFC 7515
  // §4.1.9). Empty: "JWT", or no typ at all. Otherwise exactly these: {"at+jwt"} for access tokens
  // of RFC 9068, which then must say so. A token of another type, such as a logout token, is never
  // accepted by being signed with the right key (attack 30).
  std::vector<std::string> types;

  // For exp, nbf and iat; at most 60 s.
  std::chrono::seconds clock_skew{60};

  // exp and iss are always required.
  bool subject_required = true;
  bool issued_at_required = false;
};

}  // namespace keystead::jose
