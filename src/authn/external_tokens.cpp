#include "authn/external_tokens.hpp"

#include <algorithm>

#include "authn/claim.hpp"
#include "authn/claimed_issuer.hpp"
#include "authn/external_user.hpp"
#include "authn/user_event.hpp"

namespace keystead::authn {
namespace {

using domain::Role;
using jose::Algorithm;

constexpr std::array kSecretAlgorithms{Algorithm::hs256, Algorithm::hs384, Algorithm::hs512};

template <class All>
std::vector<Algorithm> allowed(std::vector<Algorithm> const& configured, All const& all) {
  if (configured.empty()) return {all.begin(), all.end()};
  std::vector<Algorithm> both;
  std::ranges::copy_if(configured, std::back_inserter(both), [&](Algorithm each) {
    return std::ranges::find(all, each) != all.end();
  });
  return both;
}

}  // namespace

Result<ExternalTokens::Issuer> ExternalTokens::open(IssuerRules rules, Parts const& parts) {
  jose::JwtProfile profile;
  profile.issuer = rules.issuer;
  if (!rules.audience.empty()) profile.audiences = {rules.audience};
  profile.audience_required = !rules.audience.empty();
  Issuer issuer{std::move(rules), {}, {}, {}, {}};
  profile.algorithms = allowed(issuer.rules.algorithms, jose::kPublicKeyAlgorithms);
  if (!profile.algorithms.empty()) {
    issuer.public_verifier = TRY(jose::JwtVerifier::make(profile));
  }
  profile.algorithms = allowed(issuer.rules.algorithms, kSecretAlgorithms);
  if (issuer.rules.secret && !profile.algorithms.empty()) {
    std::vector<jose::Jwk> keys;
    std::vector<Algorithm> usable;
    for (auto algorithm : profile.algorithms) {
      // A secret of 40 bytes is good for HS256 and too short for the others.
      auto key = jose::Jwk::shared_secret(*issuer.rules.secret, algorithm);
      if (!key) continue;
      keys.push_back(std::move(*key));
      usable.push_back(algorithm);
    }
    if (usable.empty()) {
      return fail(Code::invalid_request, "the secret is too short for its algorithms");
    }
    profile.algorithms = std::move(usable);
    issuer.secret_keys = jose::JwkSet(std::move(keys));
    issuer.secret_verifier = TRY(jose::JwtVerifier::make(profile));
  }
  issuer.keys = std::make_unique<IssuerKeys>(IssuerKeys::Options{
      issuer.rules.issuer,
      issuer.rules.jwks,
      parts.fetch,
      [report = parts.report, name = issuer.rules.name](auto what) { report(name, what); },
  });
  return issuer;
}

Result<std::unique_ptr<ExternalTokens>> ExternalTokens::make(Parts parts) {
  auto tokens = std::unique_ptr<ExternalTokens>(new ExternalTokens(std::move(parts)));
  for (auto const& rules : tokens->parts_.issuers) {
    auto issuer = open(rules, tokens->parts_);
    if (!issuer) {
      return fail(issuer.error().code, "issuers." + rules.name + ": " + issuer.error().public_text);
    }
    tokens->issuers_.push_back(std::move(*issuer));
  }
  return tokens;
}

ExternalTokens::Issuer* ExternalTokens::find(std::string_view issuer) {
  auto found = std::ranges::find(issuers_, issuer, [](auto const& each) -> std::string_view {
    return each.rules.issuer;
  });
  return found == issuers_.end() ? nullptr : &*found;
}

jose::JwtResult<jose::VerifiedJwt> ExternalTokens::verify(
    Issuer& issuer, std::string_view token, Time now
) {
  if (issuer.secret_verifier) {
    auto verified = issuer.secret_verifier->verify(token, issuer.secret_keys, now);
    bool is_of_public_key = !verified && verified.error().fault == jose::JwtFault::algorithm;
    if (!is_of_public_key) return verified;
  }
  if (!issuer.public_verifier) return jose::refuse(jose::JwtFault::algorithm, "not configured");
  return issuer.keys->verify(token, *issuer.public_verifier, now);
}

std::optional<Standing> ExternalTokens::verify(std::string_view token, Time now) {
  auto* issuer = find(claimed_issuer(token));
  if (!issuer) return std::nullopt;
  auto const& rules = issuer->rules;
  auto refuse = [&](std::string_view what) {
    parts_.report(rules.name, what);
    return std::nullopt;
  };
  auto jwt = verify(*issuer, token, now);
  if (!jwt) {
    return refuse(std::string(name_of(jwt.error().fault)) + ": " + jwt.error().detail);
  }
  auto const& parties = rules.authorized_parties;
  auto party = find_claim(jwt->claims(), {"azp"});
  if (!parties.empty() && std::ranges::find(parties, party) == parties.end()) {
    return refuse("authorized_party: azp is none of the configured ones");
  }
  auto user = find_or_create_user(parts_.users, *jwt, parts_.random, {"issuer"}, now);
  if (!user) return refuse("user: its subject cannot be a user, or has ended");
  Standing standing;
  standing.bearer = user->id;
  standing.expires_at = jwt->expires_at();
  standing.trusted_until = now + kTrustedFor;
  standing.manages = false;
  if (auto key = confirmed_key(jwt->claims()); parts_.heeds_keys && !key.empty()) {
    domain::Restriction restriction;
    restriction.key_thumbprint = key;
    standing.restriction = std::make_shared<domain::Restriction const>(std::move(restriction));
  }
  if (auto place = place_of(*issuer, *jwt, user->id, now)) {
    standing.tenant = place->tenant;
    standing.scopes = parts_.scopes[static_cast<std::size_t>(place->role)];
    standing.manages = place->role >= Role::admin;
  }
  return standing;
}

bool ExternalTokens::takes_assertions() const {
  return std::ranges::any_of(issuers_, [](auto const& issuer) {
    return issuer.rules.enterprise_authorization;
  });
}

// A secret that we share with the issuer would let us say whom it sends; keys of its own do not.
std::optional<jose::VerifiedJwt> ExternalTokens::verify_assertion(
    std::string_view token, std::string const& audience, Time now
) {
  auto* issuer = find(claimed_issuer(token));
  if (!issuer || !issuer->rules.enterprise_authorization) return std::nullopt;
  jose::JwtProfile profile;
  profile.issuer = issuer->rules.issuer;
  profile.audiences = {audience};
  profile.algorithms = allowed(issuer->rules.algorithms, jose::kPublicKeyAlgorithms);
  profile.types = {"oauth-id-jag+jwt"};
  profile.issued_at_required = true;
  auto verifier = jose::JwtVerifier::make(std::move(profile));
  if (!verifier) return std::nullopt;
  auto jwt = issuer->keys->verify(token, *verifier, now);
  if (jwt) return std::move(*jwt);
  parts_.report(
      issuer->rules.name, std::string(name_of(jwt.error().fault)) + ": " + jwt.error().detail
  );
  return std::nullopt;
}

std::optional<ExternalTokens::Person> ExternalTokens::person_of(
    jose::VerifiedJwt const& assertion, Time now
) {
  auto* issuer = find(assertion.issuer());
  if (!issuer) return std::nullopt;
  auto const& rules = issuer->rules;
  auto refuse = [&](std::string_view what) {
    parts_.report(rules.name, what);
    return std::nullopt;
  };
  auto says = [&](std::string_view claim) {
    bool is_read = std::ranges::find(rules.tenant_claims, claim) != rules.tenant_claims.end();
    return !is_read && assertion.claims().contains(claim);
  };
  // An issuer that has tenants of its own may give the same subject in two of them (§6 of the
  // draft), so that it must be configured which claim says the tenant.
  if (says("tenant")) return refuse("tenant: it names one, and the configuration does not");
  auto user = find_or_create_user(parts_.users, assertion, parts_.random, {"issuer"}, now);
  auto place = user ? place_of(*issuer, assertion, user->id, now) : std::nullopt;
  if (!place) return refuse("user: it has ended, or belongs to no tenant");
  // The tenant of ours that the issuer means (§3.1 of the draft).
  if (says("aud_tenant") &&
      find_claim(assertion.claims(), {"aud_tenant"}) != place->tenant.text()) {
    return refuse("aud_tenant: it means another tenant than the person's");
  }
  return Person{user->id, place->tenant, place->role};
}

std::optional<ExternalTokens::Place> ExternalTokens::place_of(
    Issuer const& issuer, jose::VerifiedJwt const& jwt, domain::UserId const& user, Time now
) {
  auto named = find_claim(jwt.claims(), issuer.rules.tenant_claims);
  if (!named.empty()) return named_place(issuer, jwt, named, user, now);
  // Of an issuer that says the tenant in its tokens, and only there, silence means none.
  bool says_it = !issuer.rules.tenant_claims.empty() && !issuer.rules.tells_memberships;
  return says_it ? std::nullopt : only_place(user);
}

std::optional<ExternalTokens::Place> ExternalTokens::named_place(
    Issuer const& issuer,
    jose::VerifiedJwt const& jwt,
    std::string_view named,
    domain::UserId const& user,
    Time now
) {
  auto external = domain::ExternalTenant::make(jwt.issuer(), std::string(named));
  auto tenant = external ? parts_.users.find_tenant(*external) : std::nullopt;
  if (!tenant) tenant = domain::TenantId::parse(named);
  auto found = tenant ? parts_.tenants.find_tenant(*tenant) : std::nullopt;
  if (!found || (parts_.inner_tenants_only && !found->parent)) return std::nullopt;
  auto held = parts_.users.find_role(user, *tenant);
  if (issuer.rules.tells_memberships) {
    return held ? std::optional(Place{*tenant, *held}) : std::nullopt;
  }
  auto role = issuer.rules.role_claims.empty()
                  ? held.value_or(Role::member)
                  : role_of_issuer(find_claim(jwt.claims(), issuer.rules.role_claims));
  if (held != role) {  // it is kept, for the keys that this person makes
    auto set = parts_.users.set_membership(
        {user, *tenant, role},
        store::LastOwner::may_go,
        user_event(
            "membership.set", user, tenant, {"issuer"}, now, {{"role", std::string(name_of(role))}}
        )
    );
    if (!set) return std::nullopt;
    if (parts_.forget) parts_.forget(user);
  }
  return Place{*tenant, role};
}

// Who belongs to several must say which, and a token has no place to say it in.
std::optional<ExternalTokens::Place> ExternalTokens::only_place(domain::UserId const& user) {
  std::vector<Place> places;
  for (auto const& membership : parts_.users.list_memberships(user)) {
    auto tenant = parts_.tenants.find_tenant(membership.tenant);
    if (!tenant) continue;
    if (!parts_.inner_tenants_only || tenant->parent) {
      places.push_back({tenant->id, membership.role});
      continue;
    }
    for (auto const& child : parts_.tenants.list_tenants()) {
      if (child.parent == tenant->id) places.push_back({child.id, membership.role});
    }
  }
  return places.size() == 1 ? std::optional(places.front()) : std::nullopt;
}

}  // namespace keystead::authn
