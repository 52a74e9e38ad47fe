#include "jose/jwk_import.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "codec/base64url.hpp"

namespace keystead::jose {
namespace {

using crypto::KeyType;
using crypto::PublicKey;

constexpr std::size_t kOperationsMax = 16;
constexpr std::size_t kNumberMax = 2048;  // letters: more than 8192 bits have

constexpr std::array<std::string_view, 7> kPrivateMembers{"d", "p", "q", "dp", "dq", "qi", "oth"};

std::unexpected<Failure> refuse(std::string why) {
  return fail(Code::invalid_request, std::move(why));
}

Result<std::string_view> text_of(json::object const& members, std::string_view name) {
  auto const* value = members.if_contains(name);
  if (!value) return refuse("the key has no " + std::string(name));
  if (!value->is_string()) return refuse("the key's " + std::string(name) + " is not a string");
  auto const& text = value->get_string();
  return std::string_view(text.data(), text.size());
}

Result<std::string> bytes_of(json::object const& members, std::string_view name) {
  auto text = TRY(text_of(members, name));
  if (text.size() > kNumberMax) return refuse("the key's " + std::string(name) + " is too long");
  auto bytes = codec::base64url_decode(text);
  if (!bytes) return refuse("the key's " + std::string(name) + " is not base64url");
  return *std::move(bytes);
}

Result<PublicKey> read_rsa(json::object const& members) {
  auto n = TRY(bytes_of(members, "n"));
  auto e = TRY(bytes_of(members, "e"));
  return PublicKey::from_rsa({std::move(n), std::move(e)});
}

Result<PublicKey> read_ec(json::object const& members) {
  auto curve = TRY(text_of(members, "crv"));
  KeyType type = KeyType::p256;
  if (curve == "P-384")
    type = KeyType::p384;
  else if (curve == "P-521")
    type = KeyType::p521;
  else if (curve != "P-256")
    return refuse("the key's curve is not P-256, P-384 or P-521");
  auto x = TRY(bytes_of(members, "x"));
  auto y = TRY(bytes_of(members, "y"));
  return PublicKey::from_point(type, {std::move(x), std::move(y)});
}

Result<PublicKey> read_okp(json::object const& members) {
  if (TRY(text_of(members, "crv")) != "Ed25519") return refuse("the key's curve is not Ed25519");
  return PublicKey::from_ed25519(TRY(bytes_of(members, "x")));
}

Result<Secret> read_secret(json::object const& members) {
  Secret bytes(TRY(bytes_of(members, "k")));
  if (bytes.reveal().size() < kSecretMin) return refuse("the secret is shorter than 32 bytes");
  if (bytes.reveal().size() > kSecretMax) return refuse("the secret is longer than 1024 bytes");
  return bytes;
}

}  // namespace

Result<void> check_purpose(json::object const& members) {
  if (members.contains("use") && TRY(text_of(members, "use")) != "sig") {
    return refuse("the key's use is not sig");
  }
  auto const* operations = members.if_contains("key_ops");
  if (!operations) return {};
  auto const* list = operations->if_array();
  if (!list || list->size() > kOperationsMax) return refuse("the key's key_ops is not a list");
  std::set<std::string_view> seen;
  for (auto const& operation : *list) {
    auto const* text = operation.if_string();
    if (!text) return refuse("the key's key_ops holds something that is not a string");
    if (!seen.emplace(text->data(), text->size()).second) {
      return refuse("the key's key_ops names an operation twice");
    }
  }
  if (!seen.contains("verify")) return refuse("the key's key_ops does not have verify");
  return {};
}

Result<std::optional<Algorithm>> read_algorithm(json::object const& members) {
  if (!members.contains("alg")) return std::nullopt;
  auto algorithm = find_algorithm(TRY(text_of(members, "alg")));
  if (!algorithm) return refuse("the key's alg is not one that is done here");
  return algorithm;
}

Result<std::optional<std::string>> read_kid(json::object const& members) {
  if (!members.contains("kid")) return std::nullopt;
  auto kid = TRY(text_of(members, "kid"));
  if (kid.size() > kKidMax) return refuse("the key's kid is longer than 256 bytes");
  return std::string(kid);
}

Result<std::variant<PublicKey, Secret>> read_key(
    json::object const& members, SecretKeys secret_keys
) {
  for (std::string_view name : kPrivateMembers) {
    if (members.contains(name)) return refuse("the key is published with its private half");
  }
  auto type = TRY(text_of(members, "kty"));
  if (type == "oct") {
    if (secret_keys == SecretKeys::refused) return refuse("a secret key is published");
    return TRY(read_secret(members));
  }
  // Only a secret has this member: in a key of another type it is somebody's mistake.
  if (members.contains("k")) return refuse("a secret is published with the key");
  if (type == "RSA") return TRY(read_rsa(members));
  if (type == "EC") return TRY(read_ec(members));
  if (type == "OKP") return TRY(read_okp(members));
  return refuse("the key's kty is not one that is done here");
}

}  // namespace keystead::jose
