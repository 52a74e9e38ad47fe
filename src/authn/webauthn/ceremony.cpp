#include "authn/webauthn/ceremony.hpp"

#include "authn/webauthn/authenticator_data.hpp"
#include "authn/webauthn/cose_key.hpp"
#include "codec/cbor.hpp"
#include "crypto/digest.hpp"

namespace keystead::authn::webauthn {
namespace {

constexpr std::size_t kAttestationBytesMax = 16 * 1024;
constexpr std::size_t kAuthenticatorBytesMax = 8 * 1024;

std::unexpected<Failure> refuse(char const* why) {
  return fail(Code::invalid_request, why);
}

}  // namespace

Result<NewCredential> verify_attestation(
    Attestation const& attestation, RelyingParty const& party
) {
  auto challenge = TRY(read_challenge(attestation.client_data, Ceremony::create, party));
  if (attestation.attestation_object.size() > kAttestationBytesMax) {
    return refuse("the attestation object is too long");
  }
  auto object = TRY(codec::Cbor::parse(attestation.attestation_object));
  auto const* item = object.find("authData");
  auto bytes = item ? item->bytes() : std::nullopt;
  if (!bytes) return refuse("the attestation object has no authenticator data");
  auto data = TRY(read_authenticator_data(*bytes, party));
  if (!data.credential) return refuse("the authenticator data have no credential");
  return NewCredential{
      .challenge = std::move(challenge),
      .id = std::string(data.credential->id),
      .public_key = std::string(data.credential->public_key),
      .sign_count = data.sign_count,
  };
}

Result<ProvenCredential> verify_assertion(
    Assertion const& assertion, std::string_view public_key, RelyingParty const& party
) {
  auto challenge = TRY(read_challenge(assertion.client_data, Ceremony::get, party));
  if (assertion.authenticator_data.size() > kAuthenticatorBytesMax) {
    return refuse("the authenticator data are too long");
  }
  auto data = TRY(read_authenticator_data(assertion.authenticator_data, party));
  auto hash = crypto::sha256(assertion.client_data);
  std::string message = assertion.authenticator_data;
  message.append(reinterpret_cast<char const*>(hash.data()), hash.size());
  if (!TRY(CoseKey::parse(public_key)).verify(message, assertion.signature)) {
    return refuse("the signature is not one of this passkey");
  }
  return ProvenCredential{std::move(challenge), data.sign_count};
}

}  // namespace keystead::authn::webauthn
