#include "jose/signing_key.hpp"

#include <array>
#include <cassert>
#include <optional>
#include <utility>

#include "codec/base64url.hpp"
#include "crypto/hmac.hpp"

namespace keystead::jose {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;

constexpr std::size_t kSecretSize = 32;

std::optional<KeyType> key_type_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::es256: return KeyType::p256;
    case Algorithm::eddsa: return KeyType::ed25519;
    case Algorithm::rs256: return KeyType::rsa;
    default: return std::nullopt;
  }
}

Secret random_secret(Random& random) {
  std::array<unsigned char, kSecretSize> bytes;
  random.fill(bytes);
  Secret secret(std::string(reinterpret_cast<char const*>(bytes.data()), bytes.size()));
  ::explicit_bzero(bytes.data(), bytes.size());
  return secret;
}

std::string kid_of(Secret const& secret) {
  return codec::base64url_encode(crypto::hmac(crypto::Hash::sha256, secret.reveal(), "kid"));
}

// A public key has a thumbprint.
std::string kid_of(PrivateKey const& key, Algorithm algorithm) {
  return Jwk::of(key.public_key(), algorithm, {}).thumbprint().value_or(std::string());
}

}  // namespace

SigningKey::SigningKey(Algorithm algorithm, Key key) : algorithm_(algorithm), key_(std::move(key)) {
  auto const* pair = std::get_if<PrivateKey>(&key_);
  kid_ = pair ? kid_of(*pair, algorithm) : kid_of(std::get<Secret>(key_));
}

SigningKey SigningKey::generate(Algorithm algorithm, Random& random) {
  if (algorithm == Algorithm::hs256) return {algorithm, Key(random_secret(random))};
  auto type = key_type_of(algorithm);
  assert(type);
  return {algorithm, Key(PrivateKey::generate(*type))};
}

Result<SigningKey> SigningKey::parse(Algorithm algorithm, Secret const& stored) {
  if (algorithm == Algorithm::hs256) {
    auto bytes = codec::base64url_decode(stored.reveal());
    if (!bytes || bytes->size() != kSecretSize) {
      return fail(Code::invalid_request, "not a stored key of HS256");
    }
    return SigningKey(algorithm, Key(Secret(*std::move(bytes))));
  }
  auto type = key_type_of(algorithm);
  if (!type) return fail(Code::invalid_request, "not an algorithm that is signed with here");
  auto key = TRY(PrivateKey::parse_pem(stored));
  if (key.type() != *type) return fail(Code::invalid_request, "a key of another algorithm");
  return SigningKey(algorithm, Key(std::move(key)));
}

Secret SigningKey::stored() const {
  if (auto const* pair = std::get_if<PrivateKey>(&key_)) return pair->pem();
  return Secret(codec::base64url_encode(std::get<Secret>(key_).reveal()));
}

Jwk SigningKey::verifying_key() const {
  if (auto const* pair = std::get_if<PrivateKey>(&key_)) {
    return Jwk::of(pair->public_key(), algorithm_, kid_);
  }
  return Jwk::of(std::get<Secret>(key_), algorithm_, kid_);
}

std::string SigningKey::sign(std::string_view message) const {
  if (auto const* pair = std::get_if<PrivateKey>(&key_)) {
    return pair->sign(scheme_of(algorithm_), message);
  }
  return crypto::hmac(hash_of(algorithm_), std::get<Secret>(key_).reveal(), message);
}

}  // namespace keystead::jose
