#include "crypto/signature_scheme.hpp"

#include <cassert>

namespace keystead::crypto {

KeyType key_type_of(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::rsa_pkcs1_sha256:
    case SignatureScheme::rsa_pkcs1_sha384:
    case SignatureScheme::rsa_pkcs1_sha512:
    case SignatureScheme::rsa_pss_sha256:
    case SignatureScheme::rsa_pss_sha384:
    case SignatureScheme::rsa_pss_sha512: return KeyType::rsa;
    case SignatureScheme::ecdsa_p256_sha256: return KeyType::p256;
    case SignatureScheme::ecdsa_p384_sha384: return KeyType::p384;
    case SignatureScheme::ecdsa_p521_sha512: return KeyType::p521;
    case SignatureScheme::ed25519: return KeyType::ed25519;
  }
  assert(false);
  return KeyType::ed25519;
}

Hash hash_of(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::rsa_pkcs1_sha256:
    case SignatureScheme::rsa_pss_sha256:
    case SignatureScheme::ecdsa_p256_sha256: return Hash::sha256;
    case SignatureScheme::rsa_pkcs1_sha384:
    case SignatureScheme::rsa_pss_sha384:
    case SignatureScheme::ecdsa_p384_sha384: return Hash::sha384;
    case SignatureScheme::rsa_pkcs1_sha512:
    case SignatureScheme::rsa_pss_sha512:
    case SignatureScheme::ecdsa_p521_sha512: return Hash::sha512;
    case SignatureScheme::ed25519: break;
  }
  assert(false);
  return Hash::sha512;
}

bool is_pss(SignatureScheme scheme) {
  return scheme == SignatureScheme::rsa_pss_sha256 || scheme == SignatureScheme::rsa_pss_sha384 ||
         scheme == SignatureScheme::rsa_pss_sha512;
}

std::size_t field_size(KeyType type) {
  switch (type) {
    case KeyType::p256: return 32;
    case KeyType::p384: return 48;
    case KeyType::p521: return 66;
    case KeyType::rsa:
    case KeyType::ed25519: return 0;
  }
  return 0;
}

}  // namespace keystead::crypto
