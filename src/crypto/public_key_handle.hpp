// What public_key.cpp and private_key.cpp share.
#pragma once

#include <optional>

#include "crypto/openssl_handle.hpp"
#include "crypto/public_key.hpp"

namespace keystead::crypto {

struct PublicKey::Handle {
  EvpKey key;
  KeyType type;
};

// Nothing for a key of a type that is not known here.
std::optional<KeyType> type_of(EVP_PKEY* key);

// "P-256" and so on; null for what is no curve.
char const* group_name(KeyType type);

// Gives PSS its hash and its salt; the other schemes need nothing. False if OpenSSL refuses.
bool set_padding(EVP_PKEY_CTX* context, SignatureScheme scheme);

// Null for Ed25519, which has its hash within.
EVP_MD const* digest_of(SignatureScheme scheme);

}  // namespace keystead::crypto
