// The public key of a passkey, in the form in which authenticators give it and we keep it: COSE_Key
// (RFC 9052 §7, RFC 9053 §7.1, RFC 8230 §4). It names its algorithm.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "codec/cbor.hpp"
#include "crypto/public_key.hpp"

namespace keystead::authn::webauthn {

// ES256, EdDSA with Ed25519, RS256: what a browser is asked for, the most common first.
inline constexpr std::array<std::int64_t, 3> kCoseAlgorithms{-7, -8, -257};

class CoseKey {
 public:
  // Code::invalid_request unless it is a key of kCoseAlgorithms that crypto::PublicKey takes.
  static Result<CoseKey> read(codec::Cbor const& map);
  static Result<CoseKey> parse(std::string_view bytes);

  // A signature of ECDSA is DER (WebAuthn Level 3 §6.5.5).
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  CoseKey(crypto::SignatureScheme scheme, crypto::PublicKey key)
      : scheme_(scheme), key_(std::move(key)) {}

  crypto::SignatureScheme scheme_;
  crypto::PublicKey key_;
};

}  // namespace keystead::authn::webauthn
