// HMAC with any of the SHA-2 hashes (RFC 2104), for tokens of others. Where only SHA-256 is wanted
// and a key serves often, HmacSha256 of digest.hpp is faster.
#pragma once

#include <string>
#include <string_view>

#include "crypto/hash.hpp"

namespace keystead::crypto {

// As many bytes as the hash has. Safe from any thread. Throws std::runtime_error if OpenSSL fails.
std::string hmac(Hash hash, std::string_view key, std::string_view message);

// With SHA-1, 20 bytes, for one-time passwords (RFC 4226), whose apps know nothing else. SHA-1 is
// no Hash, so that nothing else can ask for it.
std::string hmac_sha1(std::string_view key, std::string_view message);

}  // namespace keystead::crypto
