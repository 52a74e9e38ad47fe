// Proof Key for Code Exchange (RFC 7636), with S256 alone.
#pragma once

#include <string_view>

namespace keystead::oauth {

// Whether the verifier is one, and the challenge is made from it (attack 49).
bool is_verified(std::string_view code_verifier, std::string_view code_challenge);

}  // namespace keystead::oauth
