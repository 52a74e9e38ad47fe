#include "authn/webauthn/cose_key.hpp"

#include <string>

#include "crypto/ecdsa_form.hpp"

namespace keystead::authn::webauthn {
namespace {

using codec::Cbor;
using crypto::PublicKey;
using crypto::SignatureScheme;

// Labels and values of the registry "COSE Key Common Parameters" and its neighbours.
enum Label : std::int64_t { key_type = 1, algorithm = 3, first = -1, second = -2, third = -3 };
enum Type : std::int64_t { okp = 1, ec2 = 2, rsa = 3 };
enum Curve : std::int64_t { p256 = 1, ed25519 = 6 };

std::unexpected<Failure> refuse(char const* why) {
  return fail(Code::invalid_request, why);
}

Result<std::int64_t> number_at(Cbor const& map, std::int64_t label) {
  auto const* item = map.find(label);
  auto number = item ? item->integer() : std::nullopt;
  if (!number) return refuse("the COSE key lacks a number");
  return *number;
}

Result<std::string> bytes_at(Cbor const& map, std::int64_t label) {
  auto const* item = map.find(label);
  auto bytes = item ? item->bytes() : std::nullopt;
  if (!bytes) return refuse("the COSE key lacks bytes");
  return std::string(*bytes);
}

Result<void> need_number(Cbor const& map, std::int64_t label, std::int64_t value) {
  if (TRY(number_at(map, label)) == value) return {};
  return refuse("the COSE key's algorithm is not for its type and curve");
}

Result<PublicKey> read_ec2(Cbor const& map) {
  TRY(need_number(map, Label::key_type, Type::ec2));
  TRY(need_number(map, Label::first, Curve::p256));
  auto x = TRY(bytes_at(map, Label::second));
  auto y = TRY(bytes_at(map, Label::third));
  return PublicKey::from_point(crypto::KeyType::p256, {std::move(x), std::move(y)});
}

Result<PublicKey> read_okp(Cbor const& map) {
  TRY(need_number(map, Label::key_type, Type::okp));
  TRY(need_number(map, Label::first, Curve::ed25519));
  auto x = TRY(bytes_at(map, Label::second));
  return PublicKey::from_ed25519(x);
}

Result<PublicKey> read_rsa(Cbor const& map) {
  TRY(need_number(map, Label::key_type, Type::rsa));
  auto n = TRY(bytes_at(map, Label::first));
  auto e = TRY(bytes_at(map, Label::second));
  return PublicKey::from_rsa({std::move(n), std::move(e)});
}

}  // namespace

Result<CoseKey> CoseKey::read(Cbor const& map) {
  auto id = TRY(number_at(map, Label::algorithm));
  if (id == -7) return CoseKey(SignatureScheme::ecdsa_p256_sha256, TRY(read_ec2(map)));
  if (id == -8) return CoseKey(SignatureScheme::ed25519, TRY(read_okp(map)));
  if (id == -257) return CoseKey(SignatureScheme::rsa_pkcs1_sha256, TRY(read_rsa(map)));
  return refuse("the COSE key's algorithm is not one that was asked for");
}

Result<CoseKey> CoseKey::parse(std::string_view bytes) {
  auto map = TRY(Cbor::parse(bytes));
  return read(map);
}

bool CoseKey::verify(std::string_view message, std::string_view signature) const {
  if (scheme_ != SignatureScheme::ecdsa_p256_sha256) {
    return key_.verify(scheme_, message, signature);
  }
  auto fixed = crypto::p1363_of_der(crypto::KeyType::p256, signature);
  return fixed && key_.verify(scheme_, message, *fixed);
}

}  // namespace keystead::authn::webauthn
