// A key that signs tokens of our own.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/private_key.hpp"
#include "jose/algorithm.hpp"
#include "jose/jwk.hpp"

namespace keystead::jose {

// A value; copies share the key. Safe from any thread.
class SigningKey {
 public:
  // `random` makes the secret of HS256; OpenSSL makes the other keys with its own.
  // REQUIRES: ES256, EdDSA, RS256 or HS256.
  static SigningKey generate(Algorithm algorithm, Random& random);

  // What stored() gave. Code::invalid_request for anything else, and for an algorithm that we do
  // not sign with.
  static Result<SigningKey> parse(Algorithm algorithm, Secret const& stored);
  // PKCS#8 in PEM, or for HS256 its bytes in base64url: the caller protects it.
  Secret stored() const;

  Algorithm algorithm() const { return algorithm_; }
  // Of a key pair its thumbprint (RFC 7638); of HS256 a name that is derived from the secret by
  // HMAC, so that it confirms no guess about anything but the whole key.
  std::string const& kid() const { return kid_; }

  // What verifies this key's signatures. Public, unless it is of HS256.
  Jwk verifying_key() const;

  std::string sign(std::string_view message) const;

 private:
  using Key = std::variant<crypto::PrivateKey, Secret>;
  SigningKey(Algorithm algorithm, Key key);

  Algorithm algorithm_;
  Key key_;
  std::string kid_;
};

}  // namespace keystead::jose
