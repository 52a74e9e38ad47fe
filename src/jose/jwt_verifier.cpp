#include "jose/jwt_verifier.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "codec/ascii.hpp"
#include "codec/json.hpp"
#include "jose/numeric_date.hpp"
#include "jose/verified_jws.hpp"

namespace keystead::jose {
namespace {

// RFC 7515 §4.1.9: the value without a slash stands for the one after "application/".
std::string media_type(std::string_view type) {
  constexpr std::string_view kPrefix = "application/";
  std::string name = codec::lower_ascii(type);
  if (name.starts_with(kPrefix) && name.find('/', kPrefix.size()) == std::string::npos) {
    name.erase(0, kPrefix.size());
  }
  return name;
}

JwtResult<std::optional<std::string>> read_text(json::object const& claims, std::string_view name) {
  auto const* value = claims.if_contains(name);
  if (!value) return std::nullopt;
  auto const* text = value->if_string();
  if (!text) return refuse(JwtFault::malformed, std::string(name) + " is not a string");
  return std::string(*text);
}

JwtResult<std::optional<Time>> read_time(json::object const& claims, std::string_view name) {
  auto const* value = claims.if_contains(name);
  if (!value) return std::nullopt;
  auto time = read_numeric_date(*value);
  if (!time) return refuse(JwtFault::malformed, std::string(name) + " is not a time");
  return time;
}

// RFC 7519 §4.1.3: one string, or a list of strings. Nothing where there is none.
JwtResult<std::optional<std::vector<std::string>>> read_audiences(json::object const& claims) {
  auto const* value = claims.if_contains("aud");
  if (!value) return std::nullopt;
  std::vector<std::string> audiences;
  if (auto const* one = value->if_string()) {
    audiences.emplace_back(*one);
    return audiences;
  }
  auto const* list = value->if_array();
  if (!list) return refuse(JwtFault::audience, "aud is neither a string nor a list");
  for (auto const& each : *list) {
    auto const* text = each.if_string();
    if (!text) return refuse(JwtFault::audience, "aud holds something that is not a string");
    audiences.emplace_back(*text);
  }
  if (audiences.empty()) return refuse(JwtFault::audience, "aud is empty");
  return audiences;
}

}  // namespace

Result<JwtVerifier> JwtVerifier::make(JwtProfile profile) {
  auto wrong = [](char const* why) { return fail(Code::invalid_request, why); };
  if (profile.issuer.empty()) return wrong("a verifier needs an issuer");
  if (profile.algorithms.empty()) return wrong("a verifier needs an algorithm");
  if (profile.audience_required && profile.audiences.empty()) {
    return wrong("a verifier needs an audience");
  }
  if (profile.clock_skew < std::chrono::seconds(0) || profile.clock_skew > kClockSkewMax) {
    return wrong("the clock skew must be from 0 to 60 seconds");
  }
  for (auto& type : profile.types) type = media_type(type);
  return JwtVerifier(std::move(profile));
}

JwtResult<VerifiedJwt> JwtVerifier::verify(
    std::string_view token, JwkSet const& keys, Time now
) const {
  auto jws = TRY(VerifiedJws::verify(token, keys, profile_.algorithms));
  TRY(check_type(jws.header()));
  auto value = codec::parse_json(jws.payload());
  if (!value) return refuse(JwtFault::malformed, "the claims: " + value.error().public_text);
  auto* claims = value->if_object();
  if (!claims) return refuse(JwtFault::malformed, "the claims are not an object");
  auto registered = TRY(read_registered(*claims));
  TRY(check_parties(registered));
  TRY(check_times(registered, now));
  return VerifiedJwt(std::move(registered), std::move(*claims));
}

JwtResult<void> JwtVerifier::check_type(json::object const& header) const {
  auto const* value = header.if_contains("typ");
  if (!value) {
    if (profile_.types.empty()) return {};
    return refuse(JwtFault::type, "the token has no typ");
  }
  auto const* text = value->if_string();
  if (!text) return refuse(JwtFault::malformed, "typ is not a string");
  std::string type = media_type(*text);
  bool is_accepted = profile_.types.empty()
                         ? type == "jwt"
                         : std::ranges::find(profile_.types, type) != profile_.types.end();
  if (!is_accepted) return refuse(JwtFault::type, "a token of another type");
  return {};
}

JwtResult<VerifiedJwt::Registered> JwtVerifier::read_registered(json::object const& claims) const {
  auto missing = [](char const* name) {
    return refuse(JwtFault::missing_claim, std::string(name) + " is missing");
  };
  auto issuer = TRY(read_text(claims, "iss"));
  if (!issuer) return missing("iss");
  auto expires_at = TRY(read_time(claims, "exp"));
  if (!expires_at) return missing("exp");
  auto subject = TRY(read_text(claims, "sub"));
  if (!subject && profile_.subject_required) return missing("sub");
  if (subject && subject->empty()) return refuse(JwtFault::missing_claim, "sub is empty");
  auto issued_at = TRY(read_time(claims, "iat"));
  if (!issued_at && profile_.issued_at_required) return missing("iat");
  auto audiences = TRY(read_audiences(claims));
  if (!audiences && profile_.audience_required) return missing("aud");
  auto not_before = TRY(read_time(claims, "nbf"));
  auto jwt_id = TRY(read_text(claims, "jti"));
  return VerifiedJwt::Registered{
      *std::move(issuer),
      std::move(subject),
      std::move(audiences).value_or(std::vector<std::string>{}),
      *expires_at,
      issued_at,
      not_before,
      std::move(jwt_id),
  };
}

JwtResult<void> JwtVerifier::check_parties(VerifiedJwt::Registered const& registered) const {
  if (registered.issuer != profile_.issuer) {
    return refuse(JwtFault::issuer, "a token of another issuer");
  }
  // An aud that is given is never empty; that it may be absent was checked before.
  if (registered.audiences.empty()) return {};
  bool is_meant_for_us = std::ranges::any_of(registered.audiences, [&](std::string const& each) {
    return std::ranges::find(profile_.audiences, each) != profile_.audiences.end();
  });
  if (!is_meant_for_us) return refuse(JwtFault::audience, "a token for another audience");
  return {};
}

JwtResult<void> JwtVerifier::check_times(
    VerifiedJwt::Registered const& registered, Time now
) const {
  auto skew = profile_.clock_skew;
  if (now >= registered.expires_at + skew) return refuse(JwtFault::expired, "exp has passed");
  if (registered.not_before && *registered.not_before > now + skew) {
    return refuse(JwtFault::not_yet, "nbf lies in the future");
  }
  if (registered.issued_at && *registered.issued_at > now + skew) {
    return refuse(JwtFault::not_yet, "iat lies in the future");
  }
  return {};
}

}  // namespace keystead::jose
