#include "api/passkey_json.hpp"

#include <boost/json/array.hpp>

#include "authn/webauthn/cose_key.hpp"
#include "codec/base64url.hpp"

namespace keystead::api {

namespace json = boost::json;

json::object describe(domain::Passkey const& passkey) {
  json::object out{
      {"id", passkey.id.text()},
      {"name", passkey.name},
      {"created_at", format_time(passkey.created_at)},
      {"last_used_at", json::value()},
  };
  if (passkey.last_used_at) out["last_used_at"] = format_time(*passkey.last_used_at);
  return out;
}

json::object creation_options(
    std::string_view challenge, domain::User const& user, authn::Passkeys const& passkeys
) {
  json::array algorithms;
  for (auto algorithm : authn::webauthn::kCoseAlgorithms) {
    algorithms.push_back({{"type", "public-key"}, {"alg", algorithm}});
  }
  json::array known;
  for (auto const& passkey : passkeys.list(user.id)) {
    known.push_back({{"type", "public-key"}, {"id", codec::base64url_encode(passkey.credential)}});
  }
  auto const& name = user.email.empty() ? user.name : user.email;
  return {
      {"challenge", challenge},
      {"rp", {{"id", passkeys.party().id}, {"name", passkeys.party().name}}},
      {"user",
       {{"id", codec::base64url_encode(authn::user_handle_of(user.id))},
        {"name", name},
        {"displayName", user.name.empty() ? name : user.name}}},
      {"pubKeyCredParams", std::move(algorithms)},
      {"excludeCredentials", std::move(known)},
      {"authenticatorSelection",
       {{"residentKey", "required"},
        {"requireResidentKey", true},
        {"userVerification", "required"}}},
      {"attestation", "none"},
      {"timeout", std::chrono::milliseconds(authn::kTicketLifetime).count()},
  };
}

json::object request_options(authn::Passkeys const& passkeys) {
  return {
      {"challenge", passkeys.sign_in_challenge()},
      {"rpId", passkeys.party().id},
      {"userVerification", "required"},
      {"timeout", std::chrono::milliseconds(authn::kTicketLifetime).count()},
  };
}

}  // namespace keystead::api
