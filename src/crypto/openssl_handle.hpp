// OpenSSL's objects, owned. Only this room and its tests include it.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "crypto/hash.hpp"

namespace keystead::crypto {

template <auto free>
struct Release {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};

using EvpKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using EvpKeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using EvpCipherContext = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;
using EvpDigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;

inline unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}
inline unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

inline BigNumber number_of(std::string_view big_endian) {
  return BigNumber(BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

// What only fails when memory or the library itself does.
template <class T>
T need(T result, char const* what) {
  if (!result) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
  return result;
}

// Fetched once: an implicit fetch at each use costs about as much as an HMAC.
inline EVP_MD const* algorithm_of(Hash hash) {
  static EVP_MD const* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static EVP_MD const* const kSha384 = EVP_MD_fetch(nullptr, "SHA384", nullptr);
  static EVP_MD const* const kSha512 = EVP_MD_fetch(nullptr, "SHA512", nullptr);
  switch (hash) {
    case Hash::sha256: return kSha256;
    case Hash::sha384: return kSha384;
    case Hash::sha512: return kSha512;
  }
  return nullptr;
}

}  // namespace keystead::crypto
