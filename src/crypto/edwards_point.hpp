// What OpenSSL leaves unsaid about a public key of Ed25519.
#pragma once

#include <string_view>

namespace keystead::crypto {

// Whether the 32 bytes write a y below 2^255 - 19 (RFC 8032 §5.1.3), and it is not of one of the
// eight points whose order divides 8. With one of those as a key, the signature of one message is
// that of many others.
bool is_sound_ed25519_key(std::string_view x);

}  // namespace keystead::crypto
