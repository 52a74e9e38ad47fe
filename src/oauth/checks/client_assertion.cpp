#include "oauth/checks/client_assertion.hpp"

#include <algorithm>

#include "authn/claimed_issuer.hpp"
#include "jose/hash_text.hpp"
#include "jose/jwt_verifier.hpp"
#include "oauth/metadata.hpp"

namespace keystead::oauth {
namespace {

// As long as an id of an event may be, whatever the client calls itself and its assertion.
std::string id_of(domain::Client const& client, std::string const& jwt_id) {
  return jose::sha256_text(client.id.text() + "\n" + jwt_id);
}

}  // namespace

std::string ClientAssertions::claimed_client(std::string_view assertion) {
  return authn::claimed_issuer(assertion);
}

bool ClientAssertions::is_proof(
    std::string_view assertion, domain::Issuer const& issuer, domain::Client const& client, Time now
) const {
  // RFC 9126 §2 has clients name any of these, wherever they show it.
  auto at = [&](std::string_view path) { return issuer.url + std::string(path); };
  std::vector<std::string> const audiences{issuer.url, at(kTokenPath), at(kPushPath)};
  jose::JwtProfile profile;
  profile.issuer = client.id.text();
  profile.audiences = audiences;
  profile.algorithms = {jose::kPublicKeyAlgorithms.begin(), jose::kPublicKeyAlgorithms.end()};
  auto verifier = jose::JwtVerifier::make(std::move(profile));
  if (!verifier) return false;
  auto jwt = keys_.verify(client, assertion, *verifier, now);
  if (!jwt || jwt->subject() != client.id.text() || !jwt->jwt_id()) return false;
  if (jwt->expires_at() > now + kLifetimeMax) return false;
  // What is meant for another server, too, could have been shown there and be brought here by it.
  auto is_ours = [&](std::string const& each) {
    return std::ranges::find(audiences, each) != audiences.end();
  };
  if (!std::ranges::all_of(jwt->audiences(), is_ours)) return false;
  return once_.note_event({"client_assertion", id_of(client, *jwt->jwt_id())}, now).value_or(false);
}

}  // namespace keystead::oauth
