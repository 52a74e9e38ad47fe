// The two forms that a signature of ECDSA comes in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/signature_scheme.hpp"

namespace keystead::crypto {

// ASN.1 DER (RFC 3279 §2.2.3), which WebAuthn has, as r and s of the field's size (IEEE P1363),
// which PublicKey verifies. Nothing for what is not exactly the DER of two such numbers.
// REQUIRES: `curve` is p256, p384 or p521.
std::optional<std::string> p1363_of_der(KeyType curve, std::string_view der);

}  // namespace keystead::crypto
