// An app with which a user shows one-time codes beside the password, and the codes on paper that
// stand in for it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

// HMAC-SHA-256 of a recovery code under one version of the pepper.
using RecoveryDigest = std::array<unsigned char, 32>;

struct Totp {
  UserId user;
  std::string sealed_secret;  // a crypto::SealedBox, under one version of the pepper
  int pepper_version = 1;
  std::optional<Time> confirmed_at = {};  // from when it is asked for
  std::int64_t last_step = 0;             // no code of this step or an earlier one counts any more
};

}  // namespace keystead::domain
