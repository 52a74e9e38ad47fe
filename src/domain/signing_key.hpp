// A key that signs our tokens, as it is kept: its secret part sealed.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"

namespace keystead::domain {

struct SigningKey {
  enum class State { next, current, retired };

  std::string kid;
  std::string algorithm;  // as in JWS headers
  std::string sealed;     // a crypto::SealedBox around its stored form
  int pepper_version = 1;
  State state = State::current;
  Time created_at;
  Time turned_at;                          // when it came to this state
  std::optional<Time> retired_until = {};  // what it verifies until
};

}  // namespace keystead::domain
