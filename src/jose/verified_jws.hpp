// A compact JWS whose signature was found good (RFC 7515 §5.2). No other form is read: not the JSON
// serialisation (attack 17), not JWE.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>

#include "jose/jwk_set.hpp"
#include "jose/jwt_fault.hpp"

namespace keystead::jose {

constexpr std::size_t kTokenMax = 8 * 1024;  // bytes

class VerifiedJws {
 public:
  // The algorithm is one of `algorithms`, and the key one that it fits; the token only says which.
  // Its kid, an opaque string of at most 256 bytes, chooses among the keys; a token without one is
  // accepted if exactly one key fits, and a kid that is not known is never answered by another key
  // but by a configured secret, Jwk::shared_secret(). Keys and addresses of keys in the header
  // (jwk, jku, x5u, x5c) are ignored (attack 20); whatever `crit` names is refused.
  static JwtResult<VerifiedJws> verify(
      std::string_view token, JwkSet const& keys, std::span<Algorithm const> algorithms
  );

  // One that brings its own key along, as jwk in its header: whoever made it has the private half
  // of that key, which may be anybody's (RFC 9449 §4.3). Its kid says nothing.
  static JwtResult<std::pair<VerifiedJws, Jwk>> verify_by_own_key(
      std::string_view token, std::span<Algorithm const> algorithms
  );

  json::object const& header() const { return header_; }
  std::string const& payload() const { return payload_; }

 private:
  VerifiedJws(json::object header, std::string payload)
      : header_(std::move(header)), payload_(std::move(payload)) {}

  json::object header_;
  std::string payload_;
};

}  // namespace keystead::jose
