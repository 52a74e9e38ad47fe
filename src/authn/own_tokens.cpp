#include "authn/own_tokens.hpp"

#include <algorithm>

#include "authn/authenticator.hpp"
#include "authn/claim.hpp"
#include "authn/claimed_issuer.hpp"
#include "store/user_store.hpp"

namespace keystead::authn {
namespace {

using jose::Algorithm;

constexpr std::size_t kUsesMax = 65'536;
constexpr std::size_t kGenuineMax = 8'192;  // of one or two KiB

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    auto word = text.substr(0, text.find(' '));
    if (!word.empty()) words.emplace_back(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return words;
}

Result<jose::JwtVerifier> make_verifier(domain::Issuer const& issuer) {
  jose::JwtProfile profile;
  profile.issuer = issuer.url;
  profile.audiences = issuer.resources;
  // Which of them counts is a matter of the key that the token names.
  profile.algorithms = {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256, Algorithm::hs256};
  profile.types = {"at+jwt"};
  profile.issued_at_required = true;
  profile.clock_skew = std::chrono::seconds(0);  // the clock is the same
  return jose::JwtVerifier::make(std::move(profile));
}

}  // namespace

Result<std::unique_ptr<OwnTokens>> OwnTokens::make(Parts const& parts) {
  auto verifier = TRY(make_verifier(parts.issuers.root()));
  return std::unique_ptr<OwnTokens>(new OwnTokens(parts, std::move(verifier)));
}

OwnTokens::OwnTokens(Parts const& parts, jose::JwtVerifier verifier)
    : parts_(parts), verifier_(std::move(verifier)), genuine_(kGenuineMax) {}

bool OwnTokens::is_claimed(std::string_view token) const {
  if (genuine_.knows(crypto::sha256(token))) return true;
  return parts_.issuers.find(claimed_issuer(token)).has_value();
}

jose::JwtResult<jose::VerifiedJwt> OwnTokens::verify_of(
    domain::Issuer const& issuer, jose::JwkSet const& keys, std::string_view token, Time now
) const {
  if (!issuer.tenant) return verifier_.verify(token, keys, now);
  return make_verifier(issuer).value().verify(token, keys, now);
}

GenuineTokens::Token OwnTokens::verify_or_recall(std::string_view token, Time now) {
  auto keys = parts_.keys.get();
  auto digest = crypto::sha256(token);
  if (auto known = genuine_.find(digest, keys, now)) return known;
  // Where there is one, the verifier asks whether it is that.
  auto issuer = parts_.issuers.has_those_of_tenants() ? parts_.issuers.find(claimed_issuer(token))
                                                      : parts_.issuers.root();
  if (!issuer) return nullptr;
  auto jwt = verify_of(*issuer, keys->verifying, token, now);
  if (!jwt) return nullptr;
  auto genuine = std::make_shared<jose::VerifiedJwt const>(std::move(*jwt));
  genuine_.remember(digest, keys, genuine);
  return genuine;
}

std::optional<OwnTokens::Known> OwnTokens::read(std::string_view token, Time now) {
  auto jwt = verify_or_recall(token, now);
  auto issuer = jwt ? parts_.issuers.find(jwt->issuer()) : std::nullopt;
  if (!issuer) return std::nullopt;
  auto id = domain::GrantId::parse(find_claim(jwt->claims(), {std::string(kGrantClaim)}));
  auto grant = id ? parts_.control.grants().find_grant(*id) : std::nullopt;
  bool is_its_own = grant && issuer->has_any(grant->resources) && issuer->is_open_to(grant->tenant);
  if (!is_its_own) return std::nullopt;
  auto scopes = split(find_claim(jwt->claims(), {"scope"}));
  return Known{std::move(*issuer), std::move(jwt), std::move(*grant), std::move(scopes)};
}

// What the one that the grant stands on may do by now, of which the token is a part.
std::optional<Standing> OwnTokens::bearer_of(domain::Grant const& grant, Time now) {
  if (grant.key) {
    auto key = parts_.control.find_key(*grant.key);
    return key ? authn::standing_of(*key, parts_.rules, now) : std::nullopt;
  }
  Standing standing;
  standing.tenant = grant.tenant;
  standing.manages = false;  // a person lends a client its data, not its office
  if (grant.user) {
    auto user = parts_.control.users().find_user(*grant.user);
    auto place = grant.tenant ? parts_.places.find(*grant.user, *grant.tenant) : std::nullopt;
    if (!user || user->ended_at || !place) return std::nullopt;
    standing.bearer = *grant.user;
    standing.scopes = parts_.scopes[static_cast<std::size_t>(place->role)];
    return standing;
  }
  auto client = parts_.control.clients().find_client(grant.client);
  if (!client || !client->tenant || client->tenant != grant.tenant) return std::nullopt;
  standing.bearer = grant.id;
  standing.scopes = client->scopes.empty()
                        ? parts_.scopes[static_cast<std::size_t>(domain::Role::member)]
                        : parts_.rules.scopes.resolve_known(client->scopes);
  return standing;
}

std::optional<Standing> OwnTokens::standing_of(Known const& known, Time now) {
  auto const& grant = known.grant;
  if (grant.ended_at) return std::nullopt;
  auto key = confirmed_key(known.token->claims());
  if (key.empty() && parts_.bound_only) return std::nullopt;
  auto standing = bearer_of(grant, now);
  if (!standing) return std::nullopt;
  standing->scopes = standing->scopes & parts_.rules.scopes.resolve_known(known.scopes);
  standing->expires_at = std::min(standing->expires_at, known.token->expires_at());
  standing->trusted_until = now + kTrustedFor;
  auto restriction =
      standing->restriction ? domain::Restriction(*standing->restriction) : domain::Restriction();
  restriction.delegation =
      domain::Delegation{grant.id, grant.client, known.issuer.tenant.has_value()};
  restriction.key_thumbprint = key;
  standing->restriction = std::make_shared<domain::Restriction const>(std::move(restriction));
  return standing;
}

std::vector<std::string> OwnTokens::scopes_of(Known const& known, Standing const& standing) const {
  std::vector<std::string> scopes;
  for (auto const& name : known.scopes) {
    if (standing.scopes.contains(parts_.rules.scopes.resolve_known({&name, 1}))) {
      scopes.push_back(name);
    }
  }
  return scopes;
}

std::optional<Standing> OwnTokens::verify(std::string_view token, Time now) {
  auto known = read(token, now);
  auto standing = known ? standing_of(*known, now) : std::nullopt;
  if (!standing) return std::nullopt;
  std::scoped_lock lock(uses_mutex_);
  if (uses_.size() < kUsesMax) uses_.push_back({known->grant.id, now, {}});
  return standing;
}

std::vector<store::GrantUse> OwnTokens::take_uses() {
  std::scoped_lock lock(uses_mutex_);
  return std::exchange(uses_, {});
}

}  // namespace keystead::authn
