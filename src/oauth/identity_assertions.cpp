#include "oauth/identity_assertions.hpp"

#include <optional>
#include <utility>

#include <boost/json/array.hpp>

#include "authn/claim.hpp"
#include "jose/hash_text.hpp"

namespace keystead::oauth {
namespace {

std::string_view claim_of(jose::VerifiedJwt const& assertion, std::string_view name) {
  return authn::find_claim(assertion.claims(), {std::string(name)});
}

// Made within the last hour, and over within the next.
bool is_short(jose::VerifiedJwt const& assertion, Time now) {
  constexpr auto kMax = IdentityAssertions::kLifetimeMax;
  return assertion.expires_at() <= now + kMax && assertion.issued_at() &&
         *assertion.issued_at() >= now - kMax;
}

// The key that its bearer must hold is the one that the client has proven (§9.8.1.2 of the draft).
bool is_with_key(jose::VerifiedJwt const& assertion, std::string_view key_thumbprint) {
  if (!assertion.claims().contains("cnf")) return true;
  return !key_thumbprint.empty() && claim_of(assertion, "cnf.jkt") == key_thumbprint;
}

// Rich authorization (RFC 9396) would narrow it in ways that are not done here, and must not be
// passed over.
bool is_narrowed_otherwise(jose::VerifiedJwt const& assertion) {
  return assertion.claims().contains("authorization_details");
}

// One text, or several (§3.1). Nothing where it is something else.
std::optional<std::vector<std::string>> texts_of(boost::json::value const& value) {
  std::vector<std::string> texts;
  if (auto const* one = value.if_string()) {
    texts.emplace_back(*one);
    return texts;
  }
  auto const* list = value.if_array();
  if (!list || list->empty()) return std::nullopt;
  for (auto const& each : *list) {
    if (!each.is_string()) return std::nullopt;
    texts.emplace_back(each.get_string());
  }
  return texts;
}

// Each must be ours (§7.6.2 of the extension); without any, all of ours can be asked for.
TokenResult<std::vector<std::string>> resources_of(
    jose::VerifiedJwt const& assertion, domain::Issuer const& issuer
) {
  auto const* claim = assertion.claims().if_contains("resource");
  if (!claim) return issuer.resources;
  auto named = texts_of(*claim);
  auto ours = named ? requested_resources(*named, issuer) : std::nullopt;
  if (!ours) return refuse_grant();
  return std::move(*ours);
}

}  // namespace

TokenResult<AssertedAccess> IdentityAssertions::accept(
    std::string_view assertion, AssertionCall const& call, Time now
) const {
  auto const& [issuer, client, key] = call;
  auto jwt = parts_.tokens.verify_assertion(assertion, issuer.url, now);
  // §4.4.1 of the draft: an array of audiences holds our issuer alone.
  bool is_meant = jwt && jwt->audiences().size() == 1 && is_short(*jwt, now) &&
                  claim_of(*jwt, "client_id") == client.id.text() && is_with_key(*jwt, key) &&
                  !is_narrowed_otherwise(*jwt);
  if (!is_meant) return refuse_grant();
  auto resources = TRY(resources_of(*jwt, issuer));
  auto scopes = TRY(scopes_of(*jwt, client));
  if (!is_first(*jwt, now)) return refuse_grant();
  auto person = parts_.tokens.person_of(*jwt, now);
  if (!person || !issuer.is_open_to(person->tenant)) return refuse_grant();
  scopes = scopes_of_role(scopes, person->role, parts_.rules);
  return AssertedAccess{*person, std::move(scopes), std::move(resources)};
}

// An issuer that names none leaves it to us, and gets what clients are told to ask for. One that
// names scopes, and none of ours, does not mean us.
TokenResult<std::vector<std::string>> IdentityAssertions::scopes_of(
    jose::VerifiedJwt const& assertion, domain::Client const& client
) const {
  auto const& rules = parts_.rules;
  auto const* claim = assertion.claims().if_contains("scope");
  if (!claim) return requested_scopes({}, client, rules);
  if (!claim->is_string()) return refuse_grant();
  auto named = split_words(claim->get_string());
  if (rules.scopes.resolve_known(named).empty()) return refuse_grant();
  return requested_scopes(claim->get_string(), client, rules);
}

bool IdentityAssertions::is_first(jose::VerifiedJwt const& assertion, Time now) const {
  auto const& id = assertion.jwt_id();
  if (!id || id->empty()) return false;
  auto known_by = jose::sha256_text(assertion.issuer() + "\n" + *id);
  return parts_.once.note_event({"id_jag", std::move(known_by)}, now).value_or(false);
}

}  // namespace keystead::oauth
