// The grants that no person stands behind: client_credentials, and what is exchanged.
#include <gmock/gmock.h>

#include "oauth/test_token_server.hpp"

namespace keystead::oauth {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class ClientCredentials : public TokenServer {};
class TokenExchange : public TokenServer {};

TEST_F(ClientCredentials, AKeyHasSoManyGrantsAndNoMore) {
  auto key = here.create();
  auto as = [&](std::string name) { return with(with_key(key.key), "client_id", std::move(name)); };
  for (std::size_t i = 0; i < store::GrantStore::kStandingMax; ++i) {
    EXPECT_EQ(error_of(as("script-" + std::to_string(i))), "none");
  }
  EXPECT_EQ(error_of(as("one-more")), "invalid_request");
  EXPECT_EQ(error_of(as("script-3")), "none");
  here.clock.advance(2 * store::GrantStore::kStandingIdle);
  EXPECT_EQ(error_of(as("one-more")), "none");
}

TEST_F(ClientCredentials, AKeyIsExchangedForATokenWithItsRights) {
  auto key = here.create();
  auto answer = ask(with_key(key.key)).value();
  EXPECT_FALSE(answer.refresh_token);
  auto principal = use(answer.access_token).value();
  EXPECT_EQ(principal.key(), key.record.id);
  EXPECT_EQ(principal.tenant(), here.tenant);
  EXPECT_THAT(here.scopes.names(principal.scopes()), ElementsAre("read", "write"));
  auto claims = claims_of(answer.access_token);
  EXPECT_EQ(said(claims, "sub"), "key:" + key.record.id.text());
  EXPECT_EQ(codec::to_text(claims).find(here.tenant.text()), std::string::npos);
  auto again = ask(with_key(key.key)).value();
  EXPECT_EQ(said(claims_of(again.access_token), "grant"), said(claims, "grant"));
}

TEST_F(ClientCredentials, TheTokenDiesWithItsKeyAtOnce) {
  auto key = here.create();
  auto answer = ask(with_key(key.key)).value();
  ASSERT_TRUE(use(answer.access_token));
  here.authority->revoke(key.record.id, {}).value();
  EXPECT_FALSE(use(answer.access_token));
  EXPECT_EQ(error_of(with_key(key.key)), "invalid_client");
}

TEST_F(ClientCredentials, TheTokenOfANarrowedKeyDiesWithTheKeyAboveIt) {
  auto key = here.create();
  authn::Narrowing narrowing;
  narrowing.name = "child";
  narrowing.scopes = std::vector<std::string>{"read"};
  auto child = here.authority->narrow(key.record.id, narrowing, {}).value();
  auto answer = ask(with_key(child.key)).value();
  EXPECT_THAT(scopes_of(answer.access_token), ElementsAre("read"));
  here.authority->revoke(key.record.id, {}).value();
  EXPECT_FALSE(use(answer.access_token));
}

TEST_F(ClientCredentials, TheTokenEndsNoLaterThanItsKey) {
  auto wanted = here.wanted();
  wanted.expires_at = here.clock.now() + 10min;
  auto key = here.create(wanted);
  auto answer = ask(with_key(key.key)).value();
  EXPECT_EQ(answer.lifetime, 10min);
  auto rotated = here.create();
  auto other = ask(with_key(rotated.key)).value();
  ASSERT_TRUE(use(other.access_token));
  here.authority->rotate(rotated.record.id, 60s, {}).value();
  EXPECT_TRUE(use(other.access_token));
  here.clock.advance(60s);
  EXPECT_FALSE(use(other.access_token)) << "its key is over";
}

TEST_F(ClientCredentials, WhatAKeyIsHeldToHoldsForItsTokens) {
  auto wanted = here.wanted();
  wanted.addresses = {domain::AddressRange::parse("192.0.2.0/24").value()};
  auto answer = ask(with_key(here.create(wanted).key)).value();
  EXPECT_TRUE(use(answer.access_token));
  auto elsewhere = authenticator->authenticate(
      authn::PresentedToken{answer.access_token.reveal()}, "198.51.100.1"
  );
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().code, Code::forbidden);
}

TEST_F(ClientCredentials, AClientOfAnOperatorActsInItsTenant) {
  auto answer = ask({{"grant_type", "client_credentials"}}, basic("kc_secret", "s3cret")).value();
  EXPECT_THAT(answer.scopes, ElementsAre("read"));
  auto principal = use(answer.access_token).value();
  EXPECT_FALSE(principal.is_nobody());
  EXPECT_FALSE(principal.manages());
  EXPECT_EQ(principal.bearer_kind(), "client");
  EXPECT_EQ(principal.bearer_id(), "kc_secret");
  EXPECT_EQ(principal.tenant(), here.tenant);
  auto ended =
      here.store->clients().remove_client(domain::ClientId("kc_secret"), here.clock.now(), {});
  here.ring->forget_grants(*ended);
  EXPECT_FALSE(use(answer.access_token));
}

TEST_F(ClientCredentials, Attack59NoMoreThanIsTheClients) {
  Parameters asked{{"grant_type", "client_credentials"}};
  auto secret = basic("kc_secret", "s3cret");
  EXPECT_EQ(error_of(with(asked, "scope", "write"), secret), "invalid_scope");
  EXPECT_EQ(error_of(with(asked, "scope", "nonsense"), secret), "invalid_scope");
  EXPECT_EQ(error_of(with(asked, "client_id", "kc_public")), "unauthorized_client");
  auto everywhere = public_client;
  everywhere.grant_types.push_back(domain::GrantType::client_credentials);
  add(everywhere);
  EXPECT_EQ(error_of(with(asked, "client_id", "kc_public")), "unauthorized_client");
  auto nowhere = secret_client();
  nowhere.tenant.reset();
  add(nowhere);
  EXPECT_EQ(error_of(asked, secret), "unauthorized_client");
  auto key = here.create(here.wanted({"read"}));
  EXPECT_EQ(error_of(with(with_key(key.key), "scope", "read write")), "invalid_scope");
}

TEST_F(TokenExchange, AKeyBecomesANarrowerTokenWithTheClientAsActor) {
  auto key = here.create();
  auto answer = ask(with(exchanging(key.key.reveal()), "scope", "read")).value();
  EXPECT_EQ(answer.issued_token_type, "urn:ietf:params:oauth:token-type:access_token");
  EXPECT_THAT(scopes_of(answer.access_token), ElementsAre("read"));
  auto claims = claims_of(answer.access_token);
  EXPECT_EQ(said(claims, "sub"), "key:" + key.record.id.text());
  EXPECT_EQ(said(claims, "act"), R"({"sub":"client:my-agent"})");
  here.authority->revoke(key.record.id, {}).value();
  EXPECT_FALSE(use(answer.access_token));
}

TEST_F(TokenExchange, AChildIsNarrowerAndDiesWithItsParent) {
  auto parent = ask(redemption(approve(public_client.id))).value();
  auto child = ask(with(exchanging(parent.access_token.reveal()), "scope", "read")).value();
  auto grandchild = ask(exchanging(child.access_token.reveal(), "my-other")).value();
  EXPECT_THAT(scopes_of(grandchild.access_token), ElementsAre("read"));
  auto wider = with(exchanging(child.access_token.reveal()), "scope", "write");
  EXPECT_EQ(error_of(wider), "invalid_scope") << "attack 13";
  auto claims = claims_of(grandchild.access_token);
  EXPECT_EQ(said(claims, "sub"), "user:" + user.id.text());
  EXPECT_EQ(said(claims, "act"), R"({"sub":"client:my-other","act":{"sub":"client:my-agent"}})");
  EXPECT_LE(claims.at("exp").as_int64(), claims_of(parent.access_token).at("exp").as_int64());
  auto revocation = request_of(
      {{"client_id", "kc_public"}, {"token", std::string(parent.refresh_token->reveal())}}
  );
  ASSERT_TRUE(inspection->revoke({issuers.root(), revocation, {}, "192.0.2.1", "r"}));
  for (auto const* answer : {&parent, &child, &grandchild}) {
    EXPECT_FALSE(use(answer->access_token));
  }
}

TEST_F(TokenExchange, WhatIsNoSubjectIsRefused) {
  auto key = std::string(here.create().key.reveal());
  auto good = exchanging(key);
  EXPECT_EQ(error_of(good), "none");
  EXPECT_EQ(error_of(with(good, "subject_token", "nonsense")), "invalid_request");
  EXPECT_EQ(error_of(with(good, "subject_token", "")), "invalid_request");
  auto type = with(good, "subject_token_type", "urn:ietf:params:oauth:token-type:saml2");
  EXPECT_EQ(error_of(type), "invalid_request");
  EXPECT_EQ(error_of(with(good, "actor_token", "x")), "invalid_request");
  EXPECT_EQ(error_of(with(good, "requested_token_type", "urn:x")), "invalid_request");
  EXPECT_EQ(error_of(with(good, "resource", "https://elsewhere.example")), "invalid_target");
}

TEST_F(TokenExchange, Attack60NobodyExchangesInTheNameOfAClient) {
  auto key = std::string(here.create().key.reveal());
  EXPECT_EQ(error_of(exchanging(key, "kc_secret")), "invalid_client");
  EXPECT_EQ(error_of(exchanging(key, "kc_forgotten")), "invalid_client");
  EXPECT_EQ(error_of(exchanging(key, "https://claude.example/client.json")), "invalid_client");
  EXPECT_EQ(error_of(exchanging(key, "kc_public")), "unauthorized_client");
  EXPECT_EQ(error_of(with(exchanging(key), "client_id", ""), basic("kc_secret", "s3cret")), "none");
}

}  // namespace
}  // namespace keystead::oauth
