// The ways to sign that are known here, each with its key, its hash and its padding fixed: nothing
// about a signature is left for its bearer to choose.
#pragma once

#include "crypto/hash.hpp"

namespace keystead::crypto {

enum class KeyType { rsa, p256, p384, p521, ed25519 };

enum class SignatureScheme {
  rsa_pkcs1_sha256,  // RFC 8017 §8.2
  rsa_pkcs1_sha384,
  rsa_pkcs1_sha512,
  rsa_pss_sha256,  // RFC 8017 §8.1; MGF1 with the same hash, a salt as long as the hash
  rsa_pss_sha384,
  rsa_pss_sha512,
  ecdsa_p256_sha256,  // FIPS 186-5; r and s, each as long as the field (IEEE P1363)
  ecdsa_p384_sha384,
  ecdsa_p521_sha512,
  ed25519,  // RFC 8032
};

KeyType key_type_of(SignatureScheme scheme);
// REQUIRES: not ed25519, which has its hash within.
Hash hash_of(SignatureScheme scheme);
bool is_pss(SignatureScheme scheme);

// The bytes of a coordinate, which are also those of r and of s. 0 for what is no curve of ECDSA.
std::size_t field_size(KeyType type);

}  // namespace keystead::crypto
