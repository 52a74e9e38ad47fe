// A request for authorization that was checked and waits here: pushed ahead by a client (RFC 9126),
// or shown to a person for consent. What is decided later is decided about this text, and never
// about parameters that come in again (attack 53).
#pragma once

#include <array>
#include <string>

#include "base/clock.hpp"

namespace keystead::domain {

// HMAC-SHA-256 of the value by which it is asked for.
using RequestDigest = std::array<unsigned char, 32>;

struct AuthorizationRequest {
  enum class Kind { pushed, shown };

  RequestDigest digest{};
  Kind kind = Kind::shown;
  std::string parameters;  // a JSON object: the whole checked request
  Time expires_at;
};

}  // namespace keystead::domain
