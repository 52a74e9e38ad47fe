// What a person keeps on paper for the day the phone is gone: codes that are good once.
#pragma once

#include <string_view>
#include <vector>

#include "authn/key_digester.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "domain/ids.hpp"
#include "domain/totp.hpp"

namespace keystead::authn {

inline constexpr std::size_t kRecoveryCodes = 10;

// 80 random bits, as four groups of four letters and digits.
Secret new_recovery_code(Random& random);

// What is kept of a user's code. White space, hyphens and capitals in what was typed do not count.
domain::RecoveryDigest recovery_digest(
    std::string_view typed, domain::UserId const& user, KeyDigester const& digester, int version
);

}  // namespace keystead::authn
