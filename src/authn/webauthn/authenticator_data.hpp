// What the authenticator says about a ceremony (WebAuthn Level 3 §6.1), signed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "authn/webauthn/relying_party.hpp"
#include "base/result.hpp"

namespace keystead::authn::webauthn {

inline constexpr std::size_t kCredentialBytesMax = 1023;  // §4, "Credential ID"

// Views of what was read. The key is one that CoseKey takes.
struct AttestedCredential {
  std::string_view id;
  std::string_view public_key;
};

struct AuthenticatorData {
  std::uint32_t sign_count = 0;
  std::optional<AttestedCredential> credential;  // when a passkey is made
};

// Code::invalid_request unless the data are for this party and the person was there and was
// verified: by a fingerprint, a PIN or the like, without which a passkey is only one factor.
Result<AuthenticatorData> read_authenticator_data(
    std::string_view bytes, RelyingParty const& party
);

}  // namespace keystead::authn::webauthn
