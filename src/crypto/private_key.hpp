// Keys that sign. They are stored as PKCS#8 (RFC 5958) in PEM, unencrypted: whoever stores one
// protects it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/public_key.hpp"

namespace keystead::crypto {

// Copies share the key. Calls are safe from any thread; they throw std::runtime_error if OpenSSL
// fails.
class PrivateKey {
 public:
  // With the randomness of OpenSSL. RSA has 2048 bits, and takes about 100 ms of a core.
  static PrivateKey generate(KeyType type);

  // Code::invalid_request unless `pem` is one private key of a type that is known here, whose
  // public half PublicKey would accept and belongs to it.
  static Result<PrivateKey> parse_pem(Secret const& pem);
  Secret pem() const;

  PublicKey const& public_key() const { return public_key_; }
  KeyType type() const { return public_key_.type(); }

  // REQUIRES: the scheme is one of type().
  std::string sign(SignatureScheme scheme, std::string_view message) const;

 private:
  struct Prepared;

  explicit PrivateKey(PublicKey key);
  Prepared prepare(SignatureScheme scheme) const;

  PublicKey public_key_;  // its handle holds the private half as well
  std::shared_ptr<Prepared const> prepared_;
};

}  // namespace keystead::crypto
