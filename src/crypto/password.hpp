// Passwords at rest: Argon2id (RFC 9106) with 19 MiB, two passes, one lane.
#pragma once

#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"

namespace keystead::crypto {

// The PHC string, with a fresh salt. Takes about 25 ms of a core: never on an io thread.
std::string hash_password(Secret const& password, Random& random);

// False for a wrong password and for text that is not an Argon2id PHC string.
bool verify_password(Secret const& password, std::string_view phc);

}  // namespace keystead::crypto
