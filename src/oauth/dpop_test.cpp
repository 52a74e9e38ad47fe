// Tokens that are bound to a key of their client (RFC 9449), as the token endpoint makes them.
#include <gmock/gmock.h>

#include "authn/test_proof.hpp"
#include "oauth/devices.hpp"
#include "oauth/test_token_server.hpp"

namespace keystead::oauth {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kTokenUri = "https://ops.example/oauth/token";

class BoundTokens : public TokenServer {
 protected:
  explicit BoundTokens(bool is_required = false) {
    dpop.emplace(
        authn::Dpop::Parts{
            .url = std::string(kServer),
            .is_required = is_required,
            .digester = here.digester,
            .once = here.store->once(),
            .clock = here.clock,
        }
    );
    start();
  }

  authn::TestProof proof_by(jose::SigningKey const& signer) {
    return {signer, "POST", kTokenUri, here.clock.now()};
  }
  TokenResult<TokenAnswer> ask_with(
      std::string_view proof, Parameters const& parameters, std::string_view authorization = {}
  ) {
    auto request = request_of(parameters);
    return endpoint->answer(
        {issuers.root(),
         request,
         authorization,
         "192.0.2.1",
         "r",
         authn::ShownProof{proof, "POST", "/oauth/token"}}
    );
  }
  TokenResult<TokenAnswer> ask_by(
      jose::SigningKey const& signer,
      Parameters const& parameters,
      std::string_view authorization = {}
  ) {
    return ask_with(proof_by(signer).text(), parameters, authorization);
  }
  static std::string error_in(TokenResult<TokenAnswer> const& answer) {
    return answer ? "none" : std::string(name_of(answer.error().error));
  }
  static std::string key_of(TokenAnswer const& answer) {
    auto claims = claims_of(answer.access_token);
    return claims.contains("cnf") ? said(claims.at("cnf").as_object(), "jkt") : "none";
  }
  // Of a request that has proven this key.
  bool is_good(Secret const& token, std::string_view proven_key) {
    authn::PresentedToken const shown{token.reveal(), true, proven_key};
    auto known = authenticator->authenticate_from_memory(shown, "192.0.2.1");
    return known ? known->has_value() : authenticator->authenticate(shown, "192.0.2.1").has_value();
  }

  jose::SigningKey key = jose::make_key(jose::Algorithm::es256);
  jose::SigningKey stranger = jose::make_key(jose::Algorithm::es256);
  std::string thumbprint = key.verifying_key().thumbprint().value();
};

class BoundTokensOnly : public BoundTokens {
 protected:
  BoundTokensOnly() : BoundTokens(true) {}
};

TEST_F(BoundTokens, EveryGrantIsBoundToTheKeyThatIsProven) {
  auto script = ask_by(key, with_key(here.create().key)).value();
  auto client =
      ask_by(key, {{"grant_type", "client_credentials"}}, basic("kc_secret", "s3cret")).value();
  auto person = ask_by(key, redemption(approve(public_client.id))).value();
  auto refreshed = ask_by(key, refreshing(*person.refresh_token)).value();
  auto exchanged = ask_by(key, exchanging(here.create().key.reveal())).value();
  for (auto const* answer : {&script, &client, &person, &refreshed, &exchanged}) {
    EXPECT_TRUE(answer->is_key_bound);
    EXPECT_EQ(describe(*answer)["token_type"], "DPoP");
    EXPECT_EQ(key_of(*answer), thumbprint);
  }
  auto unbound = ask(with_key(here.create().key)).value();
  EXPECT_EQ(describe(unbound)["token_type"], "Bearer");
  EXPECT_EQ(key_of(unbound), "none");
}

TEST_F(BoundTokens, ABoundTokenIsGoodWithItsKeyAloneAlsoWhenItIsRemembered) {
  auto answer = ask_by(key, with_key(here.create().key)).value();
  auto other = stranger.verifying_key().thumbprint().value();
  for (int round = 0; round < 2; ++round) {
    EXPECT_FALSE(is_good(answer.access_token, "")) << "as a bearer's";
    EXPECT_FALSE(is_good(answer.access_token, other));
    EXPECT_TRUE(is_good(answer.access_token, thumbprint)) << "from now on in memory";
  }
}

TEST_F(BoundTokens, AProofIsForThisEndpointAndCountsOnce) {
  auto script = with_key(here.create().key);
  auto used = proof_by(key).text();
  EXPECT_EQ(error_in(ask_with(used, script)), "none");
  EXPECT_EQ(error_in(ask_with(used, script)), "invalid_dpop_proof");
  authn::TestProof elsewhere(key, "POST", kResource, here.clock.now());
  EXPECT_EQ(error_in(ask_with(elsewhere.text(), script)), "invalid_dpop_proof");
  EXPECT_EQ(error_in(ask_with("", script)), "invalid_dpop_proof") << "there were two";
  auto old = proof_by(key);
  here.clock.advance(301s);
  EXPECT_EQ(error_in(ask_with(old.text(), script)), "invalid_dpop_proof");
}

TEST_F(BoundTokens, WhoIsNoClientSpendsNoProof) {
  auto proof = proof_by(key).text();
  auto good = with_key(here.create().key);
  EXPECT_EQ(error_in(ask_with(proof, with(good, "client_secret", "guess"))), "invalid_client");
  EXPECT_EQ(error_in(ask_with(proof, good)), "none");
}

TEST_F(BoundTokens, ACodeThatIsBoundIsRedeemedByItsKeyAlone) {
  auto code = approve(public_client.id, {"write"}, thumbprint);
  EXPECT_EQ(error_of(redemption(code)), "invalid_grant");
  EXPECT_EQ(error_in(ask_by(stranger, redemption(code))), "invalid_grant");
  EXPECT_EQ(error_in(ask_by(key, redemption(code))), "none") << "nothing of that has used it";
}

TEST_F(BoundTokens, ARefreshTokenOfAPublicClientStaysWithItsKey) {
  auto first = ask_by(key, redemption(approve(public_client.id))).value();
  auto second = ask_by(key, refreshing(*first.refresh_token)).value();
  EXPECT_EQ(error_of(refreshing(*second.refresh_token)), "invalid_grant");
  EXPECT_EQ(error_in(ask_by(stranger, refreshing(*second.refresh_token))), "invalid_grant");
  // Attack 46: a stranger ends nothing, also by a token that was used long ago.
  here.clock.advance(1h);
  EXPECT_EQ(error_in(ask_by(stranger, refreshing(*first.refresh_token))), "invalid_grant");
  auto third = ask_by(key, refreshing(*second.refresh_token));
  ASSERT_TRUE(third);
  // Attack 54: its own client that reuses one ends it, as ever.
  here.clock.advance(1h);
  EXPECT_EQ(error_in(ask_by(key, refreshing(*first.refresh_token))), "invalid_grant");
  EXPECT_EQ(error_in(ask_by(key, refreshing(*third->refresh_token))), "invalid_grant");
}

TEST_F(BoundTokens, ALineThatHasBegunWithoutAKeyKeepsTheFirstThatComes) {
  auto first = ask(redemption(approve(public_client.id))).value();
  auto second = ask_by(key, refreshing(*first.refresh_token)).value();
  EXPECT_EQ(error_of(refreshing(*second.refresh_token)), "invalid_grant");
  EXPECT_EQ(error_in(ask_by(stranger, refreshing(*second.refresh_token))), "invalid_grant");
  EXPECT_EQ(error_in(ask_by(key, refreshing(*second.refresh_token))), "none");
}

TEST_F(BoundTokens, AClientThatProvesItselfMayChangeItsKey) {
  auto client = secret_client();
  client.grant_types.push_back(domain::GrantType::refresh_token);
  add(client);
  auto secret = basic("kc_secret", "s3cret");
  auto bare = [](Parameters parameters) { return with(std::move(parameters), "client_id", ""); };
  auto first = ask_by(key, bare(redemption(approve(client.id, {"read"}))), secret).value();
  auto second = ask_by(stranger, bare(refreshing(*first.refresh_token)), secret).value();
  EXPECT_EQ(key_of(second), stranger.verifying_key().thumbprint());
}

// A device as it is approved: what it polls with.
TEST_F(BoundTokens, ADevicesRefreshTokenIsBound) {
  auto client = public_client;
  client.grant_types.push_back(domain::GrantType::device_code);
  add(client);
  Time now = here.clock.now();
  domain::Grant grant{
      .id = domain::GrantId::mint(here.random, now),
      .client = client.id,
      .user = user.id,
      .tenant = here.tenant,
      .scopes = {"read"},
      .resources = {std::string(kResource)},
      .created_at = now,
  };
  int version = here.digester.current_version();
  domain::DeviceCode device{
      .digest = digest_of(SecretPurpose::device_code, "device", here.digester, version),
      .user_code = digest_of(SecretPurpose::user_code, "user", here.digester, version),
      .pepper_version = version,
      .client = client.id,
      .scopes = grant.scopes,
      .resources = grant.resources,
      .created_at = now,
      .expires_at = now + 10min,
  };
  here.store->authorizations().add_device(device).value();
  here.store->authorizations().decide_device(device.user_code, grant, now, {}).value();
  auto polled = ask_by(
      key,
      {{"grant_type", std::string(name_of(domain::GrantType::device_code))},
       {"client_id", client.id.text()},
       {"device_code", "device"}}
  );
  ASSERT_TRUE(polled);
  EXPECT_EQ(key_of(*polled), thumbprint);
  EXPECT_EQ(error_of(refreshing(*polled->refresh_token)), "invalid_grant");
  EXPECT_EQ(error_in(ask_by(key, refreshing(*polled->refresh_token))), "none");
}

TEST_F(BoundTokens, ABoundTokenIsExchangedByTheHolderOfItsKeyAlone) {
  auto parent = ask_by(key, redemption(approve(public_client.id))).value();
  auto asked = exchanging(parent.access_token.reveal());
  EXPECT_EQ(error_of(asked), "invalid_request") << "for a bearer's token";
  EXPECT_EQ(error_in(ask_by(stranger, asked)), "invalid_request") << "for one of another key";
  EXPECT_EQ(key_of(ask_by(key, asked).value()), thumbprint);
  auto unbound = ask(redemption(approve(public_client.id))).value();
  EXPECT_EQ(key_of(ask_by(key, exchanging(unbound.access_token.reveal())).value()), thumbprint);
}

TEST_F(BoundTokens, AClientThatWantsThemGetsNoOthers) {
  auto client = public_client;
  client.is_key_bound = true;
  add(client);
  auto code = approve(client.id);
  EXPECT_EQ(error_of(redemption(code)), "invalid_dpop_proof");
  EXPECT_EQ(error_in(ask_by(key, redemption(code))), "none");
}

TEST_F(BoundTokens, WhoeverLooksAtOneIsToldItsKey) {
  auto answer = ask_by(key, redemption(approve(public_client.id))).value();
  auto request = request_of({{"token", std::string(answer.access_token.reveal())}});
  auto seen = inspection->introspect(
      {issuers.root(), request, basic("kc_secret", "s3cret"), "192.0.2.1", "r"}
  );
  ASSERT_TRUE(seen);
  EXPECT_EQ(said(*seen, "active"), "true");
  EXPECT_EQ(said(*seen, "token_type"), "DPoP");
  EXPECT_EQ(said(*seen, "cnf"), R"({"jkt":")" + thumbprint + R"("})");
}

TEST_F(BoundTokens, WhatWasBoundIsGoodForNobodyWhenItIsSwitchedOff) {
  auto answer = ask_by(key, redemption(approve(public_client.id))).value();
  dpop.reset();
  start();
  EXPECT_FALSE(use(answer.access_token));
  EXPECT_EQ(error_of(refreshing(*answer.refresh_token)), "invalid_grant");
  auto unbound = ask_by(key, redemption(approve(public_client.id))).value();
  EXPECT_EQ(key_of(unbound), "none") << "a proof is passed over";
  EXPECT_TRUE(use(unbound.access_token));
}

TEST_F(BoundTokensOnly, NobodyGetsAnotherAndNoOtherIsGood) {
  auto script = with_key(here.create().key);
  EXPECT_EQ(error_of(script), "invalid_dpop_proof");
  auto bound = ask_by(key, script).value();
  EXPECT_TRUE(is_good(bound.access_token, thumbprint));
  auto required = std::exchange(dpop, std::nullopt);
  start();
  auto unbound = ask(script).value();
  EXPECT_TRUE(use(unbound.access_token));
  dpop.emplace(*required);
  start();
  EXPECT_FALSE(use(unbound.access_token)) << "it was made before";
}

}  // namespace
}  // namespace keystead::oauth
