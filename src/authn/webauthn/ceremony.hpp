// The two ceremonies, as far as they can be judged without knowing which challenges are open:
// making a passkey (WebAuthn Level 3 §7.1) and showing that one has it (§7.2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "authn/webauthn/client_data.hpp"
#include "authn/webauthn/relying_party.hpp"
#include "base/result.hpp"

namespace keystead::authn::webauthn {

// What the browser brings, as bytes.
struct Attestation {
  std::string client_data;
  std::string attestation_object;
};
struct Assertion {
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
};

// Both hold the challenge that was answered. Nothing is proven until that is redeemed.
struct NewCredential {
  std::string challenge;
  std::string id;
  std::string public_key;  // COSE_Key
  std::uint32_t sign_count = 0;
};
struct ProvenCredential {
  std::string challenge;
  std::uint32_t sign_count = 0;
};

// Statements about the make of an authenticator are not asked for, and are not read. Failures are
// Code::invalid_request.
Result<NewCredential> verify_attestation(Attestation const& attestation, RelyingParty const& party);
// `public_key` is a COSE_Key. Whether the counter went on is for the store to say, which knows what
// it was.
Result<ProvenCredential> verify_assertion(
    Assertion const& assertion, std::string_view public_key, RelyingParty const& party
);

}  // namespace keystead::authn::webauthn
