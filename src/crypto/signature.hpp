// Signatures of others, verified: ECDSA on P-256 with SHA-256 (FIPS 186-5), on OpenSSL.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace keystead::crypto {

// A public key. Calls are safe from any thread.
class EcdsaKey {
 public:
  // Code::invalid_request unless `pem` is one public key on P-256 (SubjectPublicKeyInfo).
  static Result<EcdsaKey> parse_pem(std::string_view pem);

  // Whether `signature`, an ASN.1 DER sequence of r and s, is one of `message` by this key.
  bool verify_der(std::string_view message, std::string_view signature) const;

 private:
  struct Handle;
  explicit EcdsaKey(std::shared_ptr<Handle const> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<Handle const> handle_;
};

}  // namespace keystead::crypto
