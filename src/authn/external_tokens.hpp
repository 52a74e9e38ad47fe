// Tokens of issuers that the product has already, whichever they are. A good one becomes the
// Standing of a person, in the tenant that a membership or the issuer names; whoever has neither
// has no tenant (attack 38).
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/issuer_keys.hpp"
#include "authn/ring.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "domain/membership.hpp"
#include "jose/jwt_verifier.hpp"
#include "store/user_store.hpp"

namespace keystead::authn {

// What the configuration says of one issuer.
struct IssuerRules {
  std::string name;
  std::string issuer;                           // `iss`, byte for byte
  std::string audience;                         // empty: its tokens have none
  std::vector<std::string> authorized_parties;  // `azp` is one of these; empty: anything
  std::vector<jose::Algorithm> algorithms;      // empty: all
  std::optional<Secret> secret;                 // of HS256, HS384 and HS512
  std::string jwks;                             // empty: see IssuerKeys::Options
  // Paths of claims, the first that is there counts. Of the tenant: an external tenant of this
  // issuer, or an id of ours.
  std::vector<std::string> tenant_claims;
  std::vector<std::string> role_claims;
  // Whether it may send people by an identity assertion (ID-JAG), which no person here is asked
  // about.
  bool enterprise_authorization = false;
  // Whether the issuer tells us who joins and leaves. Then its word in a token, which may be older,
  // counts for nothing against the memberships.
  bool tells_memberships = false;
};

class ExternalTokens {
 public:
  // How long a token that was good is not verified again.
  static constexpr std::chrono::seconds kTrustedFor{300};

  struct Parts {
    std::vector<IssuerRules> issuers;
    std::array<domain::ScopeSet, 4> scopes;  // by domain::Role
    bool inner_tenants_only = false;         // see KeyRules
    FetchDocument fetch;
    store::UserStore& users;
    store::ControlStore& tenants;
    Random& random;
    // Whether a token that its issuer has bound to a key is good only with that (RFC 9449).
    bool heeds_keys = false;
    // Has who remembers a person's tokens forget them: the person's role has changed.
    std::function<void(domain::UserId const&)> forget = {};
    // Told what is wrong with a token or an issuer, for the log. It never holds a part of a token.
    std::function<void(std::string_view issuer, std::string_view what)> report;
  };

  // Code::invalid_request for a secret or a profile that nothing could be verified with. What
  // `parts` refers to outlives the object.
  static Result<std::unique_ptr<ExternalTokens>> make(Parts parts);

  // A person whom an issuer has sent, and where they belong.
  struct Person {
    domain::UserId user;
    domain::TenantId tenant;
    domain::Role role;
  };

  // Nothing for a token that is not good. May wait for the issuer; throws store::Broken. Safe from
  // any thread.
  std::optional<Standing> verify(std::string_view token, Time now);

  // Whether any issuer may send people by an identity assertion.
  bool takes_assertions() const;
  // An ID-JAG (draft-ietf-oauth-identity-assertion-authz-grant §3.1) of such an issuer, signed with
  // a key that it publishes, within its time, and for this audience. Nothing for any other.
  std::optional<jose::VerifiedJwt> verify_assertion(
      std::string_view token, std::string const& audience, Time now
  );
  // Whom it speaks of, found as the bearer of a token of that issuer is. Nothing for who has ended,
  // or belongs nowhere. REQUIRES: what verify_assertion gave.
  std::optional<Person> person_of(jose::VerifiedJwt const& assertion, Time now);

 private:
  struct Issuer {
    IssuerRules rules;
    std::optional<jose::JwtVerifier> public_verifier;
    std::optional<jose::JwtVerifier> secret_verifier;
    jose::JwkSet secret_keys;
    std::unique_ptr<IssuerKeys> keys;
  };
  struct Place {
    domain::TenantId tenant;
    domain::Role role;
  };

  explicit ExternalTokens(Parts parts) : parts_(std::move(parts)) {}
  static Result<Issuer> open(IssuerRules rules, Parts const& parts);
  Issuer* find(std::string_view issuer);
  static jose::JwtResult<jose::VerifiedJwt> verify(
      Issuer& issuer, std::string_view token, Time now
  );
  std::optional<Place> place_of(
      Issuer const& issuer, jose::VerifiedJwt const& jwt, domain::UserId const& user, Time now
  );
  std::optional<Place> named_place(
      Issuer const& issuer,
      jose::VerifiedJwt const& jwt,
      std::string_view named,
      domain::UserId const& user,
      Time now
  );
  std::optional<Place> only_place(domain::UserId const& user);

  Parts parts_;
  std::vector<Issuer> issuers_;
};

}  // namespace keystead::authn
