// HMAC with any of the SHA-2 hashes (RFC 2104), for tokens of others. Where only SHA-256 is wanted
// and a key serves often, HmacSha256 of digest.hpp is faster.
#pragma once

#include <string>
#include <string_view>

#include "crypto/hash.hpp"

namespace keystead::crypto {

// As many bytes as the hash has. Safe from any thread. Throws std::runtime_error if OpenSSL fails.
std::string hmac(Hash hash, std::string_view key, std::string_view message);

}  // namespace keystead::crypto
