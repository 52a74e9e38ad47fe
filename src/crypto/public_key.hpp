// Public keys of RSA, ECDSA and Ed25519, made from their numbers and tested before they are used.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/signature_scheme.hpp"

namespace keystead::crypto {

constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;

// All numbers are big-endian bytes.
struct RsaNumbers {
  std::string n;  // without leading zeros
  std::string e;  // without leading zeros
};
struct EcPoint {
  std::string x;  // field_size() bytes
  std::string y;  // field_size() bytes
};

// Copies share the key. Calls are safe from any thread; they throw std::runtime_error if OpenSSL
// has no memory.
class PublicKey {
 public:
  // Code::invalid_request unless the modulus has 2048 to 8192 bits and is odd, the exponent is odd
  // and from 65537 to 2^64, and the key is none of those that ROCA (CVE-2017-15361) lets factor.
  static Result<PublicKey> from_rsa(RsaNumbers const& numbers);
  // Code::invalid_request unless the coordinates have their full size and the point lies on the
  // curve.
  // REQUIRES: `curve` is p256, p384 or p521.
  static Result<PublicKey> from_point(KeyType curve, EcPoint const& point);
  // Code::invalid_request unless `x` has 32 bytes (RFC 8032 §5.1.5) and is no point of small order,
  // under which one signature would be that of many messages.
  static Result<PublicKey> from_ed25519(std::string_view x);

  KeyType type() const;
  RsaNumbers rsa_numbers() const;  // REQUIRES: type() is rsa
  EcPoint point() const;           // REQUIRES: type() is p256, p384 or p521
  std::string ed25519_x() const;   // REQUIRES: type() is ed25519

  // Whether `signature` is one of `message` by this key. False for a scheme of another type of key
  // and for a signature of any length but the one.
  bool verify(SignatureScheme scheme, std::string_view message, std::string_view signature) const;

 private:
  friend class PrivateKey;
  struct Handle;
  explicit PublicKey(std::shared_ptr<Handle const> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<Handle const> handle_;
};

}  // namespace keystead::crypto
