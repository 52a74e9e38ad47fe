#include "oauth/token_inspection.hpp"

#include <gmock/gmock.h>

#include "jose/sign_jwt.hpp"
#include "oauth/test_token_server.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

class TokenInspectionTest : public TokenServer {
 protected:
  // As the client of secret_client() asks, who is of the tenant.
  json::object look(Secret const& token) { return look(token, {}, basic("kc_secret", "s3cret")); }
  json::object look(Secret const& token, Parameters parameters, std::string const& header = {}) {
    parameters.emplace_back("token", std::string(token.reveal()));
    auto request = request_of(parameters);
    auto seen = inspection->introspect({issuers.root(), request, header, "192.0.2.1", "r"});
    if (!seen) return {{"error", name_of(seen.error().error)}};
    return std::move(*seen);
  }
  bool revoke(Secret const& token, Parameters parameters, std::string const& header = {}) {
    parameters.emplace_back("token", std::string(token.reveal()));
    auto request = request_of(parameters);
    return inspection->revoke({issuers.root(), request, header, "192.0.2.1", "r"}).has_value();
  }

  Parameters const as_public_{{"client_id", "kc_public"}};
};

TEST_F(TokenInspectionTest, ATokenIsDescribedToWhoMayAsk) {
  auto answer = ask(redemption(approve(public_client.id))).value();
  auto seen = look(answer.access_token);
  EXPECT_EQ(said(seen, "active"), "true");
  EXPECT_EQ(said(seen, "scope"), "write");
  EXPECT_EQ(said(seen, "client_id"), "kc_public");
  EXPECT_EQ(said(seen, "sub"), "user:" + user.id.text());
  EXPECT_EQ(codec::to_text(seen).find(here.tenant.text()), std::string::npos);
  EXPECT_EQ(said(look(*answer.refresh_token), "active"), "true");
  ask(refreshing(*answer.refresh_token)).value();
  EXPECT_EQ(said(look(*answer.refresh_token), "active"), "false") << "it was used";
}

TEST_F(TokenInspectionTest, AKeyMayLookAtItsOwnTokensOnly) {
  auto key = here.create(), other = here.create();
  auto token = ask(with_key(key.key)).value().access_token;
  auto as = [](Secret const& secret) {
    return Parameters{{"client_id", "any"}, {"client_secret", std::string(secret.reveal())}};
  };
  EXPECT_EQ(said(look(token, as(key.key)), "active"), "true");
  EXPECT_EQ(look(token, as(other.key)), json::object({{"active", false}}));
  EXPECT_TRUE(revoke(token, as(other.key)));
  EXPECT_TRUE(use(token));
  EXPECT_TRUE(revoke(token, as(key.key)));
  EXPECT_FALSE(use(token));
}

TEST_F(TokenInspectionTest, Attack70AForeignClientSeesAndEndsNothing) {
  auto answer = ask(redemption(approve(public_client.id))).value();
  auto foreign = secret_client();
  foreign.id = domain::ClientId("kc_foreign");
  foreign.tenant = here.other_tenant;
  add(foreign);
  auto header = basic("kc_foreign", "s3cret");
  for (auto const* token : {&answer.access_token, &*answer.refresh_token}) {
    EXPECT_EQ(look(*token, {}, header), json::object({{"active", false}}));
    EXPECT_TRUE(revoke(*token, {}, header)) << "as if it had";
  }
  EXPECT_TRUE(use(answer.access_token));
  EXPECT_EQ(said(look(answer.access_token, as_public_), "error"), "invalid_client");
  EXPECT_EQ(said(look(answer.access_token, {}), "error"), "invalid_client");
}

TEST_F(TokenInspectionTest, WhatIsRevokedIsOverAtOnce) {
  for (bool by_access_token : {true, false}) {
    auto answer = ask(redemption(approve(public_client.id))).value();
    ASSERT_TRUE(use(answer.access_token));
    EXPECT_TRUE(revoke(by_access_token ? answer.access_token : *answer.refresh_token, as_public_));
    EXPECT_FALSE(use(answer.access_token));
    EXPECT_EQ(error_of(refreshing(*answer.refresh_token)), "invalid_grant");
    EXPECT_EQ(look(answer.access_token), json::object({{"active", false}}));
    EXPECT_TRUE(revoke(answer.access_token, as_public_)) << "twice is no failure";
  }
  EXPECT_TRUE(revoke(Secret("nonsense"), as_public_));
}

TEST_F(TokenInspectionTest, ATokenThatWasSeenBeforeIsOverWithItsTime) {
  auto token = ask(redemption(approve(public_client.id))).value().access_token;
  ASSERT_EQ(said(look(token), "active"), "true");
  here.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(look(token), json::object({{"active", false}}));
}

TEST_F(TokenInspectionTest, ATokenThatWasSeenBeforeIsOverWithTheKeyThatSignedIt) {
  auto claims = claims_of(ask(redemption(approve(public_client.id))).value().access_token);
  claims["exp"] = claims["exp"].to_number<std::int64_t>() + 86'400;
  auto token = Secret(jose::sign_jwt({{"typ", "at+jwt"}}, claims, keys->get()->keys.current));
  ASSERT_EQ(said(look(token), "active"), "true");
  ASSERT_TRUE(keys->turn({}));
  EXPECT_EQ(said(look(token), "active"), "true") << "it is published still";
  here.clock.advance(std::chrono::hours(1));
  keys->turn_by_age();
  EXPECT_EQ(look(token), json::object({{"active", false}}));
}

TEST_F(TokenInspectionTest, Attack30OnlyAnAccessTokenOfOursForUsIsOne) {
  auto answer = ask(redemption(approve(public_client.id))).value();
  auto const& key = keys->get()->keys.current;
  auto claims = claims_of(answer.access_token);
  auto is_good = [&](json::object const& said, std::string_view type = "at+jwt") {
    return use(Secret(jose::sign_jwt({{"typ", type}}, said, key))).has_value();
  };
  EXPECT_TRUE(is_good(claims));
  EXPECT_FALSE(is_good(claims, "JWT"));
  EXPECT_FALSE(is_good(claims, "logout+jwt"));
  for (auto const* name : {"exp", "iat", "aud", "sub", "grant"}) {
    auto less = claims;
    less.erase(name);
    EXPECT_FALSE(is_good(less)) << name;
  }
  auto elsewhere = claims;
  elsewhere["aud"] = "https://elsewhere.example/mcp";
  EXPECT_FALSE(is_good(elsewhere)) << "attack 27";
  auto other = claims;
  other["iss"] = std::string(kServer) + "/";
  EXPECT_FALSE(is_good(other)) << "attack 28";
  auto wider = claims;
  wider["scope"] = "write admin";
  auto scopes = scopes_of(Secret(jose::sign_jwt({{"typ", "at+jwt"}}, wider, key)));
  EXPECT_EQ(std::ranges::count(scopes, "admin"), 0) << "no more than the person's role has";
}

}  // namespace
}  // namespace keystead::oauth
