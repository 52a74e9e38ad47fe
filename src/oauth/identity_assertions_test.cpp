#include "oauth/identity_assertions.hpp"

#include <gmock/gmock.h>

#include "jose/sign_jwt.hpp"
#include "jose/signing_key.hpp"
#include "oauth/test_token_server.hpp"

namespace keystead::oauth {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
namespace json = boost::json;

constexpr std::string_view kIssuer = "https://idp.example";
constexpr std::string_view kOtherIssuer = "https://other.example";

json::value text(std::string_view text) {
  return json::value(json::string(text));
}

class IdentityAssertionTest : public TokenServer {
 protected:
  IdentityAssertionTest() {
    open();
    auto client = secret_client();
    client.grant_types.push_back(domain::GrantType::jwt_bearer);
    client.scopes = {};
    add(client);
    auto identity = domain::Identity::make(std::string(kIssuer), "U1").value();
    domain::User known;
    known.id = domain::UserId::mint(here.random);
    known.created_at = here.clock.now();
    person = here.store->users().find_or_create_user(identity, known, {}).value().user.id;
    domain::Membership membership{person, here.tenant, domain::Role::member};
    here.store->users().set_membership(membership, store::LastOwner::may_go, {}).value();
  }

  // The first issuer may send people, the second may not.
  void open(std::vector<std::string> tenant_claims = {}) {
    auto rules = [](std::string_view issuer, bool sends) {
      authn::IssuerRules out;
      out.name = sends ? "one" : "two";
      out.issuer = issuer;
      out.jwks = std::string(issuer) + "/keys";
      out.enterprise_authorization = sends;
      return out;
    };
    auto first = rules(kIssuer, true);
    first.tenant_claims = std::move(tenant_claims);
    auto read = here.scopes.resolve(std::vector<std::string>{"read"}).value();
    auto full = here.scopes.resolve(std::vector<std::string>{"write"}).value();
    std::array<domain::ScopeSet, 4> scopes{read, full, full, full};
    external = authn::ExternalTokens::make(
                   {
                       .issuers = {first, rules(kOtherIssuer, false)},
                       .scopes = scopes,
                       .fetch = [this](std::string const&, http::Reach) -> Result<std::string> {
                         return codec::to_text(jose::JwkSet({key.verifying_key()}).to_json());
                       },
                       .users = here.store->users(),
                       .tenants = *here.store,
                       .random = here.random,
                       .report = [](std::string_view, std::string_view) {},
                   }
    )
                   .value();
    assertions.emplace(
        IdentityAssertions::Parts{{here.scopes, {"read"}, scopes}, *external, here.store->once()}
    );
    start();
  }

  std::int64_t in(std::chrono::seconds time) {
    auto now = std::chrono::floor<std::chrono::seconds>(here.clock.now()).time_since_epoch();
    return (now + time).count();
  }
  json::object claims() {
    return {
        {"iss", kIssuer},
        {"sub", "U1"},
        {"aud", kServer},
        {"client_id", "kc_secret"},
        {"resource", kResource},
        {"scope", "write"},
        {"jti", "j" + std::to_string(++count)},
        {"iat", in(0s)},
        {"exp", in(300s)},
    };
  }
  json::object claims_with(std::string_view name, json::value value) {
    auto said = claims();
    if (value.is_null())
      said.erase(name);
    else
      said[name] = std::move(value);
    return said;
  }
  std::string sign(json::object const& said, std::string_view type = "oauth-id-jag+jwt") {
    return jose::sign_jwt({{"typ", type}}, said, key);
  }
  static Parameters showing(std::string assertion) {
    return {
        {"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
        {"assertion", std::move(assertion)}
    };
  }
  TokenResult<TokenAnswer> show(json::object const& said) {
    return ask(showing(sign(said)), basic("kc_secret", "s3cret"));
  }
  std::string error_of_showing(json::object const& said) {
    auto answer = show(said);
    return answer ? "none" : std::string(name_of(answer.error().error));
  }

  jose::SigningKey key = jose::SigningKey::generate(jose::Algorithm::es256, here.random);
  std::unique_ptr<authn::ExternalTokens> external;
  domain::UserId person;
  int count = 0;
};

TEST_F(IdentityAssertionTest, ItBecomesATokenOfThePersonAndTheClient) {
  keys->get();  // made by now, so that the last record is not theirs
  auto answer = show(claims()).value();
  EXPECT_THAT(answer.scopes, ElementsAre("write"));
  EXPECT_FALSE(answer.refresh_token);
  auto said = claims_of(answer.access_token);
  EXPECT_EQ(said["sub"], text("user:" + person.text()));
  EXPECT_EQ(said["client_id"], "kc_secret");
  EXPECT_EQ(said["aud"], text(kResource));
  auto principal = use(answer.access_token).value();
  EXPECT_EQ(principal.user(), person);
  EXPECT_EQ(principal.tenant(), here.tenant);
  auto grants = here.store->grants().list_grants(person);
  ASSERT_EQ(grants.size(), 1);
  EXPECT_EQ(here.last_entry().event, "grant.identity_assertion");
}

TEST_F(IdentityAssertionTest, TheTokenEndsWithItsGrantAndWithThePerson) {
  auto first = show(claims()).value().access_token;
  Time now = here.clock.now();
  auto grants = here.store->grants().list_grants(person);
  here.store->grants().end_grant(grants.front().id, now, {}).value();
  forget()({grants.front().id});
  EXPECT_FALSE(use(first));
  auto second = show(claims()).value().access_token;
  EXPECT_TRUE(use(second));
  here.store->users().end_user(person, now, store::LastOwner::may_go, {}).value();
  here.ring->forget_user(person);
  EXPECT_FALSE(use(second));
  EXPECT_EQ(error_of_showing(claims()), "invalid_grant");
}

TEST_F(IdentityAssertionTest, ItCountsOnce) {
  auto said = claims();
  EXPECT_EQ(error_of_showing(said), "none");
  EXPECT_EQ(error_of_showing(said), "invalid_grant");
  said["exp"] = in(200s);
  EXPECT_EQ(error_of_showing(said), "invalid_grant") << "the same jti, signed again";
}

TEST_F(IdentityAssertionTest, WhatIsWrongWithItIsTheSame) {
  struct Case {
    std::string_view name;
    json::value value;
  };
  for (auto const& [name, value] : std::vector<Case>{
           {"iss", "https://unknown.example"},
           {"iss", text(kOtherIssuer)},
           {"sub", json::value()},
           {"sub", "stranger"},
           {"aud", json::value()},
           {"aud", text(kResource)},
           {"aud", text(std::string(kServer) + "/")},
           {"aud", json::array{kServer, "https://elsewhere.example"}},
           {"client_id", json::value()},
           {"client_id", "kc_public"},
           {"client_id", 7},
           {"jti", json::value()},
           {"jti", ""},
           {"exp", json::value()},
           {"exp", in(-61s)},
           {"exp", in(3601s)},
           {"iat", json::value()},
           {"iat", in(-3601s)},
           {"iat", in(61s)},
           {"resource", "https://elsewhere.example/mcp"},
           {"resource", json::array{kResource, "https://elsewhere.example/mcp"}},
           {"resource", json::array()},
           {"resource", 7},
           {"scope", "other.scope"},
           {"scope", 7},
           {"cnf", json::object{{"jkt", "x"}}},
           {"cnf", json::object{{"jkt", ""}}},
           {"cnf", json::object()},
           {"authorization_details", json::array()},
           {"tenant", "t1"},
           {"aud_tenant", 7},
           {"aud_tenant", "00000000-0000-4000-8000-000000000000"},
       }) {
    EXPECT_EQ(error_of_showing(claims_with(name, value)), "invalid_grant") << name << value;
  }
  EXPECT_EQ(error_of_showing(claims_with("aud", json::array{kServer})), "none");
  EXPECT_EQ(error_of_showing(claims_with("aud_tenant", text(here.tenant.text()))), "none");
}

// §4.4.1: the assertion is for the issuer that it names, and for the person's own tenant there.
TEST_F(IdentityAssertionTest, Attack50ItIsForOneIssuerAlone) {
  auto at = [&](domain::Issuer const& issuer, json::object said) {
    said.erase("resource");
    auto request = request_of(showing(sign(said)));
    auto answer =
        endpoint->answer({issuer, request, basic("kc_secret", "s3cret"), "192.0.2.1", "r"});
    return answer ? "none" : std::string(name_of(answer.error().error));
  };
  auto own = issuer_of(here.tenant), others = issuer_of(here.other_tenant);
  EXPECT_EQ(at(own, claims()), "invalid_grant");
  EXPECT_EQ(at(own, claims_with("aud", text(own.url))), "none");
  EXPECT_EQ(at(others, claims_with("aud", text(others.url))), "invalid_grant") << "no member there";
  EXPECT_EQ(at(issuers.root(), claims_with("aud", text(own.url))), "invalid_grant");
}

// Attack 30: a token that was made for another end, by the same issuer, with the same key.
TEST_F(IdentityAssertionTest, Attack30OnlyAnIdentityAssertionIsOne) {
  for (auto const* type : {"JWT", "at+jwt", "logout+jwt", ""}) {
    auto answer = ask(showing(sign(claims(), type)), basic("kc_secret", "s3cret"));
    EXPECT_EQ(answer.error().error, TokenError::invalid_grant) << type;
  }
  auto assertion = sign(claims());
  EXPECT_FALSE(external->verify(assertion, here.clock.now())) << "nor is it an access token";
}

TEST_F(IdentityAssertionTest, ScopesAreThoseThatIssuerRoleClientAndRequestHave) {
  auto scopes = [&](json::value said, std::string asked = "") {
    auto request = with(showing(sign(claims_with("scope", std::move(said)))), "scope", asked);
    auto answer = ask(request, basic("kc_secret", "s3cret"));
    if (!answer) return std::vector<std::string>{std::string(name_of(answer.error().error))};
    return answer->scopes;
  };
  EXPECT_THAT(scopes("write"), ElementsAre("write"));
  EXPECT_THAT(scopes("read openid"), ElementsAre("read"));
  EXPECT_THAT(scopes(json::value()), ElementsAre("read")) << "what clients are told to ask for";
  EXPECT_THAT(scopes("write", "read"), ElementsAre("read"));
  EXPECT_THAT(scopes("read", "read write"), ElementsAre("read"));
  EXPECT_THAT(scopes("read", "write"), ElementsAre("read")) << "write has it";
  domain::Membership membership{person, here.tenant, domain::Role::read_only};
  here.store->users().set_membership(membership, store::LastOwner::may_go, {}).value();
  EXPECT_THAT(scopes("read write", "read write"), ElementsAre("read"));
  EXPECT_THAT(scopes("write"), ElementsAre("invalid_scope"));
}

TEST_F(IdentityAssertionTest, TheResourceIsTheOneThatIsNamed) {
  auto audience = [&](json::value resource, std::string_view asked = {}) {
    auto assertion = sign(claims_with("resource", std::move(resource)));
    auto request = with(showing(assertion), "resource", std::string(asked));
    auto answer = ask(request, basic("kc_secret", "s3cret"));
    return answer ? said(claims_of(answer->access_token), "aud")
                  : std::string(name_of(answer.error().error));
  };
  EXPECT_EQ(audience(text(kOtherResource)), kOtherResource);
  EXPECT_EQ(audience(json::value()), kResource);
  EXPECT_EQ(audience(json::value(), kOtherResource), kOtherResource);
  EXPECT_EQ(audience(json::array{kResource, kOtherResource}, kOtherResource), kOtherResource);
  EXPECT_EQ(audience(text(kResource), kOtherResource), "invalid_target");
}

TEST_F(IdentityAssertionTest, Attack38WhoBelongsNowhereGetsNothing) {
  auto said = claims_with("sub", "newcomer");
  EXPECT_EQ(error_of_showing(said), "invalid_grant");
  auto second = here.other_tenant;
  domain::Membership membership{person, second, domain::Role::member};
  here.store->users().set_membership(membership, store::LastOwner::may_go, {}).value();
  EXPECT_EQ(error_of_showing(claims()), "invalid_grant") << "two tenants, and none is named";
  open({"tenant"});
  auto named = claims_with("tenant", text(second.text()));
  auto token = show(named).value().access_token;
  EXPECT_EQ(use(token).value().tenant(), second);
}

TEST_F(IdentityAssertionTest, TheClientProvesItselfAndMayDoThis) {
  auto as = [&](std::string_view client, Parameters parameters, std::string const& header = {}) {
    auto said = claims_with("client_id", text(client));
    parameters.insert(parameters.begin(), {"assertion", sign(said)});
    parameters.insert(
        parameters.begin(), {"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}
    );
    return error_of(parameters, header);
  };
  EXPECT_EQ(as("kc_secret", {}, basic("kc_secret", "wrong")), "invalid_client");
  EXPECT_EQ(as("kc_secret", {{"client_id", "kc_secret"}}), "invalid_client");
  EXPECT_EQ(as("kc_public", {{"client_id", "kc_public"}}), "unauthorized_client") << "its grants";
  auto client = public_client;
  client.grant_types.push_back(domain::GrantType::jwt_bearer);
  add(client);
  EXPECT_EQ(as("kc_public", {{"client_id", "kc_public"}}), "unauthorized_client") << "no secret";
  client.id = domain::ClientId("https://agent.example/client.json");
  client.origin = domain::ClientOrigin::metadata_document;
  client.fresh_until = here.clock.now() + 1h;
  add(client);
  EXPECT_EQ(as(client.id.text(), {{"client_id", client.id.text()}}), "none");
  std::string key_(here.create().key.reveal());
  EXPECT_EQ(
      as("script", {{"client_id", "script"}, {"client_secret", key_}}), "unauthorized_client"
  );
  EXPECT_EQ(
      error_of(
          {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}},
          basic("kc_secret", "s3cret")
      ),
      "invalid_request"
  );
}

TEST_F(IdentityAssertionTest, WhereNoneAreTakenThereIsNoSuchGrant) {
  assertions.reset();
  start();
  EXPECT_EQ(error_of_showing(claims()), "unsupported_grant_type");
}

}  // namespace
}  // namespace keystead::oauth
