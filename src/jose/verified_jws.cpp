#include "jose/verified_jws.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/json/value.hpp>

#include "codec/base64url.hpp"
#include "codec/json.hpp"

namespace keystead::jose {
namespace {

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;  // header and payload, with the dot between them
};

JwtResult<Parts> split(std::string_view token) {
  if (token.size() > kTokenMax) return refuse(JwtFault::malformed, "longer than 8 KB");
  auto dots = std::ranges::count(token, '.');
  if (dots == 4) return refuse(JwtFault::unsupported, "a JWE");
  if (dots != 2) return refuse(JwtFault::malformed, "not three parts");
  std::size_t first = token.find('.');
  std::size_t second = token.find('.', first + 1);
  return Parts{
      token.substr(0, first),
      token.substr(first + 1, second - first - 1),
      token.substr(second + 1),
      token.substr(0, second),
  };
}

JwtResult<std::string> decode(std::string_view part, char const* what) {
  auto bytes = codec::base64url_decode(part);
  if (!bytes) return refuse(JwtFault::malformed, std::string(what) + " is not base64url");
  return *std::move(bytes);
}

JwtResult<json::object> read_header(std::string_view part) {
  auto value = codec::parse_json(TRY(decode(part, "the header")));
  if (!value) return refuse(JwtFault::malformed, "the header: " + value.error().public_text);
  auto* header = value->if_object();
  if (!header) return refuse(JwtFault::malformed, "the header is not an object");
  // RFC 7515 §4.1.11 lets a reader refuse what it does not understand, and crit must name it.
  for (std::string_view name : {"crit", "b64", "zip"}) {
    if (header->contains(name)) {
      return refuse(JwtFault::unsupported, "the header has " + std::string(name));
    }
  }
  return std::move(*header);
}

JwtResult<std::optional<std::string_view>> text_member(
    json::object const& header, std::string_view name
) {
  auto const* value = header.if_contains(name);
  if (!value) return std::nullopt;
  auto const* text = value->if_string();
  if (!text) {
    return refuse(JwtFault::malformed, "the header's " + std::string(name) + " is not a string");
  }
  return std::string_view(text->data(), text->size());
}

JwtResult<Algorithm> read_algorithm_of(
    json::object const& header, std::span<Algorithm const> algorithms
) {
  auto name = TRY(text_member(header, "alg"));
  if (!name) return refuse(JwtFault::algorithm, "the header has no alg");
  auto algorithm = find_algorithm(*name);
  if (!algorithm || std::ranges::find(algorithms, *algorithm) == algorithms.end()) {
    return refuse(JwtFault::algorithm, "not an algorithm of this issuer");
  }
  return *algorithm;
}

JwtResult<Jwk const*> find_without_kid(JwkSet const& keys, Algorithm algorithm) {
  Jwk const* found = nullptr;
  for (auto const& key : keys.keys()) {
    if (!key.fits(algorithm)) continue;
    if (found) return refuse(JwtFault::ambiguous_key, "no kid, and several keys fit");
    found = &key;
  }
  if (!found) return refuse(JwtFault::unknown_key, "no kid, and no key fits");
  return found;
}

JwtResult<Jwk const*> find_key(
    JwkSet const& keys, std::optional<std::string_view> kid, Algorithm algorithm
) {
  if (!kid) return find_without_kid(keys, algorithm);
  if (kid->size() > kKidMax) return refuse(JwtFault::malformed, "kid is longer than 256 bytes");
  Jwk const* secret = nullptr;
  for (auto const& key : keys.keys()) {
    if (key.kid() == *kid) {
      if (!key.fits(algorithm)) return refuse(JwtFault::algorithm, "not an algorithm of the key");
      return &key;
    }
    if (!key.answers_any_kid() || !key.fits(algorithm)) continue;
    if (secret) return refuse(JwtFault::ambiguous_key, "several secrets are configured");
    secret = &key;
  }
  if (!secret) return refuse(JwtFault::unknown_key, "no key of that kid");
  return secret;
}

JwtResult<Jwk> read_own_key(json::object const& header, Algorithm algorithm) {
  auto const* members = header.if_contains("jwk");
  if (!members || !members->is_object()) return refuse(JwtFault::unknown_key, "no jwk");
  auto key = Jwk::import(members->get_object(), SecretKeys::refused);
  if (!key) return refuse(JwtFault::unknown_key, "its jwk: " + key.error().public_text);
  if (!key->fits(algorithm)) return refuse(JwtFault::algorithm, "not an algorithm of its jwk");
  return *std::move(key);
}

}  // namespace

JwtResult<std::pair<VerifiedJws, Jwk>> VerifiedJws::verify_by_own_key(
    std::string_view token, std::span<Algorithm const> algorithms
) {
  auto parts = TRY(split(token));
  auto header = TRY(read_header(parts.header));
  auto algorithm = TRY(read_algorithm_of(header, algorithms));
  auto key = TRY(read_own_key(header, algorithm));
  auto payload = TRY(decode(parts.payload, "the payload"));
  auto signature = TRY(decode(parts.signature, "the signature"));
  if (!key.verify(algorithm, parts.signed_text, signature)) {
    return refuse(JwtFault::bad_signature, "the signature is not of its jwk");
  }
  return std::pair(VerifiedJws(std::move(header), std::move(payload)), std::move(key));
}

JwtResult<VerifiedJws> VerifiedJws::verify(
    std::string_view token, JwkSet const& keys, std::span<Algorithm const> algorithms
) {
  auto parts = TRY(split(token));
  auto header = TRY(read_header(parts.header));
  auto algorithm = TRY(read_algorithm_of(header, algorithms));
  auto kid = TRY(text_member(header, "kid"));
  auto const* key = TRY(find_key(keys, kid, algorithm));
  auto payload = TRY(decode(parts.payload, "the payload"));
  auto signature = TRY(decode(parts.signature, "the signature"));
  if (!key->verify(algorithm, parts.signed_text, signature)) {
    return refuse(JwtFault::bad_signature, "the signature is not of this key");
  }
  return VerifiedJws(std::move(header), std::move(payload));
}

}  // namespace keystead::jose
