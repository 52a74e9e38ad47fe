#include "authn/webauthn/authenticator_data.hpp"

#include "authn/webauthn/cose_key.hpp"
#include "codec/cbor.hpp"
#include "crypto/digest.hpp"

namespace keystead::authn::webauthn {
namespace {

enum Flag : unsigned {
  user_present = 1 << 0,
  user_verified = 1 << 2,
  backup_eligible = 1 << 3,
  backed_up = 1 << 4,
  has_credential = 1 << 6,
  has_extensions = 1 << 7,
};

std::unexpected<Failure> refuse(char const* why) {
  return fail(Code::invalid_request, why);
}

Result<std::string_view> take(std::string_view& rest, std::size_t size) {
  if (size > rest.size()) return refuse("the authenticator data end too early");
  auto taken = rest.substr(0, size);
  rest.remove_prefix(size);
  return taken;
}

Result<std::uint32_t> take_number(std::string_view& rest, std::size_t size) {
  std::uint32_t number = 0;
  for (char c : TRY(take(rest, size))) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

Result<AttestedCredential> take_credential(std::string_view& rest) {
  constexpr std::size_t kModelSize = 16;  // the AAGUID, which we have no use for
  TRY(take(rest, kModelSize));
  auto size = TRY(take_number(rest, 2));
  if (size == 0 || size > kCredentialBytesMax)
    return refuse("the credential id has no such length");
  AttestedCredential credential;
  credential.id = TRY(take(rest, size));
  auto before = rest;
  auto key = TRY(codec::Cbor::take(rest));
  TRY(CoseKey::read(key));
  credential.public_key = before.substr(0, before.size() - rest.size());
  return credential;
}

}  // namespace

Result<AuthenticatorData> read_authenticator_data(
    std::string_view bytes, RelyingParty const& party
) {
  auto hash = crypto::sha256(party.id);
  if (TRY(take(bytes, hash.size())) !=
      std::string_view(reinterpret_cast<char const*>(hash.data()), hash.size())) {
    return refuse("the authenticator data are for another party");
  }
  auto flags = TRY(take_number(bytes, 1));
  if (!(flags & Flag::user_present)) return refuse("nobody was there");
  if (!(flags & Flag::user_verified)) return refuse("it was not verified who was there");
  if ((flags & Flag::backed_up) && !(flags & Flag::backup_eligible)) {
    return refuse("the credential is backed up, and cannot be");
  }
  AuthenticatorData data;
  data.sign_count = TRY(take_number(bytes, 4));
  if (flags & Flag::has_credential) data.credential = TRY(take_credential(bytes));
  if ((flags & Flag::has_extensions) && !TRY(codec::Cbor::take(bytes)).is_map()) {
    return refuse("the extensions are no map");
  }
  if (!bytes.empty()) return refuse("the authenticator data have something behind them");
  return data;
}

}  // namespace keystead::authn::webauthn
