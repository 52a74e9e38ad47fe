// Why a token is refused. What a caller is told of it is the matter of whoever asked: to a stranger
// all of these are one and the same.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace keystead::jose {

enum class JwtFault {
  malformed,      // not a compact JWS of strict base64url and strict JSON, or too long
  unsupported,    // JWE, crit, b64, zip: parts of JOSE that are not done here
  algorithm,      // not one that the issuer is configured with, or not one of the key's
  unknown_key,    // no key fits: the issuer's key set may have a new one
  ambiguous_key,  // the token has no kid, and several keys fit
  bad_signature,
  type,           // another kind of token, by typ (RFC 8725 §3.11)
  missing_claim,  // one that this issuer's tokens must have
  issuer,
  audience,
  expired,
  not_yet,  // nbf or iat lies in the future
};

// For logs and metrics: the enumerator's name.
std::string_view name_of(JwtFault fault);

struct JwtRefusal {
  JwtFault fault;
  std::string detail;  // for the log; holds nothing that the token says
};

template <class T>
using JwtResult = std::expected<T, JwtRefusal>;

inline std::unexpected<JwtRefusal> refuse(JwtFault fault, std::string detail) {
  return std::unexpected(JwtRefusal{fault, std::move(detail)});
}

}  // namespace keystead::jose
