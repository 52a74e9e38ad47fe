// Tokens for tests, of any form: the header and the claims are text, and may be broken.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value_from.hpp>

#include "base/random.hpp"
#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "jose/jwt_verifier.hpp"
#include "jose/signing_key.hpp"

namespace keystead::jose {

inline constexpr std::int64_t kNowSeconds = 1'800'000'000;
inline constexpr Time kNow{std::chrono::seconds(kNowSeconds)};
inline constexpr std::string_view kIssuer = "https://issuer.example";
inline constexpr std::string_view kAudience = "https://api.example";

// REQUIRES: base64url.
inline std::string decoded(std::string_view text) {
  return codec::base64url_decode(text).value_or(std::string());
}

inline SigningKey make_key(Algorithm algorithm) {
  SystemRandom random;
  return SigningKey::generate(algorithm, random);
}

// The same in every test.
inline SigningKey const& es256_key() {
  static SigningKey const kKey = make_key(Algorithm::es256);
  return kKey;
}
inline SigningKey const& rs256_key() {
  static SigningKey const kKey = make_key(Algorithm::rs256);
  return kKey;
}

inline JwkSet set_of(std::vector<Jwk> keys) {
  return JwkSet(std::move(keys));
}
inline JwkSet set_of(SigningKey const& key) {
  return set_of({key.verifying_key()});
}

inline JwtProfile profile_of(std::vector<Algorithm> algorithms = {Algorithm::es256}) {
  JwtProfile profile;
  profile.issuer = kIssuer;
  profile.audiences = {std::string(kAudience)};
  profile.algorithms = std::move(algorithms);
  return profile;
}

inline std::string signed_parts(
    std::string_view header, std::string_view payload, SigningKey const& key
) {
  std::string text(header);
  text += '.';
  text += payload;
  return text + '.' + codec::base64url_encode(key.sign(text));
}

// Signed as it is.
inline std::string raw_token(
    std::string_view header, std::string_view claims, SigningKey const& key = es256_key()
) {
  using codec::base64url_encode;
  return signed_parts(base64url_encode(header), base64url_encode(claims), key);
}

inline json::object good_claims() {
  return {
      {"iss", kIssuer},
      {"sub", "user_1"},
      {"aud", kAudience},
      {"exp", kNowSeconds + 300},
      {"iat", kNowSeconds},
  };
}

inline json::object good_header(SigningKey const& key = es256_key()) {
  return {{"alg", name_of(key.algorithm())}, {"kid", key.kid()}, {"typ", "JWT"}};
}

inline std::string token_of(
    json::object const& header, json::object const& claims, SigningKey const& key = es256_key()
) {
  return raw_token(codec::to_text(header), codec::to_text(claims), key);
}

// Good but for one claim.
template <class T>
std::string token_with(std::string_view name, T const& value) {
  auto claims = good_claims();
  claims[name] = json::value_from(value);
  return token_of(good_header(), claims);
}
inline std::string token_without(std::string_view name) {
  auto claims = good_claims();
  claims.erase(name);
  return token_of(good_header(), claims);
}
// Good but for one member of the header.
template <class T>
std::string token_with_header(std::string_view name, T const& value) {
  auto header = good_header();
  header[name] = json::value_from(value);
  return token_of(header, good_claims());
}

// "ok", or the fault.
inline std::string verdict(
    std::string_view token,
    JwkSet const& keys = set_of(es256_key()),
    JwtProfile const& profile = profile_of(),
    Time now = kNow
) {
  auto jwt = JwtVerifier::make(profile).value().verify(token, keys, now);
  return std::string(jwt ? "ok" : name_of(jwt.error().fault));
}

}  // namespace keystead::jose
