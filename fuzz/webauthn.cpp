// What browsers bring of authenticators: as CBOR, as an attestation object, as the two parts of an
// assertion. What is accepted as a credential must have a key that can be read again, and nothing
// is signed by a key that the input was not made with.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "authn/webauthn/authenticator_data.hpp"
#include "authn/webauthn/ceremony.hpp"
#include "authn/webauthn/cose_key.hpp"
#include "codec/cbor.hpp"

namespace {

using namespace keystead;
using namespace keystead::authn::webauthn;

RelyingParty const& party() {
  static RelyingParty const kParty{"k", "https://k", "K"};
  return kParty;
}
constexpr std::string_view kMade =
    R"({"type":"webauthn.create","challenge":"c","origin":"https://k"})";
constexpr std::string_view kShown =
    R"({"type":"webauthn.get","challenge":"c","origin":"https://k"})";

// Taken in whole or not at all: what is taken from the front is what parse would take alone.
void check_cbor(std::string_view input) {
  auto rest = input;
  auto taken = codec::Cbor::take(rest);
  if (!taken) return;
  if (!codec::Cbor::parse(input.substr(0, input.size() - rest.size()))) std::abort();
  if (codec::Cbor::parse(input).has_value() != rest.empty()) std::abort();
}

void check_credential(std::string_view input) {
  auto made = verify_attestation({std::string(kMade), std::string(input)}, party());
  if (!made) return;
  if (made->challenge != "c" || made->id.empty() || made->id.size() > kCredentialBytesMax) {
    std::abort();
  }
  auto key = CoseKey::parse(made->public_key);
  if (!key || key->verify(input, std::string(64, '\0'))) std::abort();
  Assertion forged{std::string(kShown), std::string(input), std::string(input)};
  if (verify_assertion(forged, made->public_key, party())) std::abort();
}

void check_client_data(std::string_view input) {
  for (auto ceremony : {Ceremony::create, Ceremony::get}) {
    if (read_challenge(input, ceremony, party()) && !input.contains("https")) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view input(reinterpret_cast<char const*>(data), size);
  check_cbor(input);
  check_credential(input);
  check_client_data(input);
  (void)read_authenticator_data(input, party());
  (void)CoseKey::parse(input);
  return 0;
}
