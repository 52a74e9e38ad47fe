#include "jose/algorithm.hpp"

#include <array>
#include <cassert>
#include <cstddef>
#include <utility>

namespace keystead::jose {
namespace {

using crypto::SignatureScheme;

constexpr std::size_t kAsymmetric = 10;
constexpr std::array<std::string_view, 13> kNames{
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "HS256",
    "HS384",
    "HS512",
};
constexpr std::array<SignatureScheme, kAsymmetric> kSchemes{
    SignatureScheme::rsa_pkcs1_sha256,
    SignatureScheme::rsa_pkcs1_sha384,
    SignatureScheme::rsa_pkcs1_sha512,
    SignatureScheme::rsa_pss_sha256,
    SignatureScheme::rsa_pss_sha384,
    SignatureScheme::rsa_pss_sha512,
    SignatureScheme::ecdsa_p256_sha256,
    SignatureScheme::ecdsa_p384_sha384,
    SignatureScheme::ecdsa_p521_sha512,
    SignatureScheme::ed25519,
};

std::size_t index_of(Algorithm algorithm) {
  return static_cast<std::size_t>(algorithm);
}

}  // namespace

std::string_view name_of(Algorithm algorithm) {
  return kNames[index_of(algorithm)];
}

std::optional<Algorithm> find_algorithm(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Algorithm>(i);
  }
  return std::nullopt;
}

bool is_symmetric(Algorithm algorithm) {
  return index_of(algorithm) >= kAsymmetric;
}

SignatureScheme scheme_of(Algorithm algorithm) {
  assert(!is_symmetric(algorithm));
  return kSchemes[index_of(algorithm)];
}

crypto::Hash hash_of(Algorithm algorithm) {
  assert(is_symmetric(algorithm));
  return static_cast<crypto::Hash>(index_of(algorithm) - kAsymmetric);
}

}  // namespace keystead::jose
