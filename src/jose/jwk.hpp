// One key that verifies signatures (RFC 7517, RFC 8037), imported strictly: a key that has any
// fault is no key.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/public_key.hpp"
#include "jose/algorithm.hpp"

namespace keystead::jose {

namespace json = boost::json;

constexpr std::size_t kKidMax = 256;      // bytes
constexpr std::size_t kSecretMin = 32;    // bytes
constexpr std::size_t kSecretMax = 1024;  // bytes

// Whether secret keys (kty "oct") are read as well. What somebody publishes must hold none: it
// would be known to all, and then sign for all (attack 16).
enum class SecretKeys { refused, accepted };

class Jwk {
 public:
  // Code::invalid_request for a key that is malformed, too short or too long (RSA from 2048 to 8192
  // bits, secrets from 32 to 1024 bytes), not on its curve, of another type than RSA, EC, OKP
  // (Ed25519) and oct, meant by `use`, `key_ops` or `alg` for something else than verifying with an
  // algorithm that fits it, or published with its private half. The public text says which; it
  // holds nothing of the key. Other members, among them x5c, x5u and x5t, are ignored.
  static Result<Jwk> import(json::object const& members, SecretKeys secret_keys);

  // A secret from the configuration, for one of HS256, HS384, HS512. It has no kid, and is found by
  // tokens with any: it stands alone for its algorithm. Code::invalid_request unless it has as many
  // bytes as the algorithm's hash, and no more than 1024.
  static Result<Jwk> shared_secret(Secret bytes, Algorithm algorithm);

  // Of keys of our own. REQUIRES: the algorithm fits the key.
  static Jwk of(crypto::PublicKey key, Algorithm algorithm, std::string kid);
  static Jwk of(Secret bytes, Algorithm algorithm, std::string kid);

  std::optional<std::string> const& kid() const { return kid_; }
  std::optional<Algorithm> algorithm() const { return algorithm_; }
  bool is_secret() const { return std::holds_alternative<Secret>(key_); }
  // Whether it was configured without a kid, as shared_secret() makes it.
  bool answers_any_kid() const { return answers_any_kid_; }

  // Whether the key may verify tokens of this algorithm: by its type, its length (RFC 7518 §3.2),
  // its curve and its own `alg`.
  bool fits(Algorithm algorithm) const;

  // False as well if the algorithm does not fit. Safe from any thread.
  bool verify(Algorithm algorithm, std::string_view message, std::string_view signature) const;

  // The public members, with kid, alg and use. REQUIRES: not secret.
  json::object to_json() const;

  // RFC 7638 with SHA-256, base64url. Of a secret it would confirm a guess: nothing is given.
  std::optional<std::string> thumbprint() const;

  // Whether both are one key, for one algorithm; whatever their kid.
  bool is_same_key(Jwk const& other) const;

 private:
  using Key = std::variant<crypto::PublicKey, Secret>;
  explicit Jwk(Key key) : key_(std::move(key)) {}
  Jwk(Key key, Algorithm algorithm, std::string kid);
  json::object key_members() const;  // REQUIRES: not secret

  Key key_;
  std::optional<std::string> kid_;
  std::optional<Algorithm> algorithm_;
  bool answers_any_kid_ = false;
};

}  // namespace keystead::jose
