#include "jose/jwk.hpp"

#include <algorithm>
#include <cassert>

#include <boost/json/array.hpp>

#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "crypto/digest.hpp"
#include "crypto/hmac.hpp"
#include "jose/hash_text.hpp"
#include "jose/jwk_import.hpp"

namespace keystead::jose {
namespace {

using crypto::KeyType;

std::string_view curve_name(KeyType type) {
  switch (type) {
    case KeyType::p256: return "P-256";
    case KeyType::p384: return "P-384";
    case KeyType::p521: return "P-521";
    case KeyType::ed25519: return "Ed25519";
    case KeyType::rsa: break;
  }
  return {};
}

}  // namespace

Result<Jwk> Jwk::import(json::object const& members, SecretKeys secret_keys) {
  TRY(check_purpose(members));
  auto algorithm = TRY(read_algorithm(members));
  auto kid = TRY(read_kid(members));
  Jwk jwk(TRY(read_key(members, secret_keys)));
  if (algorithm && !jwk.fits(*algorithm)) {
    return fail(Code::invalid_request, "the key does not fit its own alg");
  }
  jwk.algorithm_ = algorithm;
  jwk.kid_ = std::move(kid);
  return jwk;
}

Result<Jwk> Jwk::shared_secret(Secret bytes, Algorithm algorithm) {
  if (!is_symmetric(algorithm)) {
    return fail(Code::invalid_request, "a secret verifies HS256, HS384 or HS512 only");
  }
  if (bytes.reveal().size() < crypto::size_of(hash_of(algorithm))) {
    return fail(Code::invalid_request, "the secret is shorter than its hash");
  }
  if (bytes.reveal().size() > kSecretMax) {
    return fail(Code::invalid_request, "the secret is longer than 1024 bytes");
  }
  Jwk jwk{Key(std::move(bytes))};
  jwk.algorithm_ = algorithm;
  jwk.answers_any_kid_ = true;
  return jwk;
}

Jwk::Jwk(Key key, Algorithm algorithm, std::string kid)
    : key_(std::move(key)), kid_(std::move(kid)), algorithm_(algorithm) {
  assert(fits(algorithm));
}

Jwk Jwk::of(crypto::PublicKey key, Algorithm algorithm, std::string kid) {
  return {Key(std::move(key)), algorithm, std::move(kid)};
}

Jwk Jwk::of(Secret bytes, Algorithm algorithm, std::string kid) {
  return {Key(std::move(bytes)), algorithm, std::move(kid)};
}

bool Jwk::fits(Algorithm algorithm) const {
  if (algorithm_ && *algorithm_ != algorithm) return false;
  if (auto const* secret = std::get_if<Secret>(&key_)) {
    return is_symmetric(algorithm) &&
           secret->reveal().size() >= crypto::size_of(hash_of(algorithm));
  }
  return !is_symmetric(algorithm) &&
         key_type_of(scheme_of(algorithm)) == std::get<crypto::PublicKey>(key_).type();
}

bool Jwk::verify(Algorithm algorithm, std::string_view message, std::string_view signature) const {
  if (!fits(algorithm)) return false;
  if (auto const* secret = std::get_if<Secret>(&key_)) {
    std::string mac = crypto::hmac(hash_of(algorithm), secret->reveal(), message);
    return crypto::equal_constant_time(mac, signature);
  }
  return std::get<crypto::PublicKey>(key_).verify(scheme_of(algorithm), message, signature);
}

// In the order of RFC 7638 §3.2: by name.
json::object Jwk::key_members() const {
  using codec::base64url_encode;
  auto const& key = std::get<crypto::PublicKey>(key_);
  if (key.type() == KeyType::rsa) {
    auto numbers = key.rsa_numbers();
    return {{"e", base64url_encode(numbers.e)}, {"kty", "RSA"}, {"n", base64url_encode(numbers.n)}};
  }
  json::object members{{"crv", curve_name(key.type())}};
  if (key.type() == KeyType::ed25519) {
    members.emplace("kty", "OKP");
    members.emplace("x", base64url_encode(key.ed25519_x()));
  } else {
    auto point = key.point();
    members.emplace("kty", "EC");
    members.emplace("x", base64url_encode(point.x));
    members.emplace("y", base64url_encode(point.y));
  }
  return members;
}

json::object Jwk::to_json() const {
  assert(!is_secret());
  json::object members = key_members();
  members.emplace("use", "sig");
  if (algorithm_) members.emplace("alg", name_of(*algorithm_));
  if (kid_) members.emplace("kid", *kid_);
  return members;
}

std::optional<std::string> Jwk::thumbprint() const {
  if (is_secret()) return std::nullopt;
  return sha256_text(codec::to_text(key_members()));
}

bool Jwk::is_same_key(Jwk const& other) const {
  if (is_secret() != other.is_secret() || algorithm_ != other.algorithm_) return false;
  if (is_secret()) {
    return crypto::equal_constant_time(
        std::get<Secret>(key_).reveal(), std::get<Secret>(other.key_).reveal()
    );
  }
  return key_members() == other.key_members();
}

}  // namespace keystead::jose
