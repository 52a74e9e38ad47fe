// The grants that a person stands behind: authorization_code and refresh_token.
#include <gmock/gmock.h>

#include "authn/user_authority.hpp"
#include "oauth/test_token_server.hpp"

namespace keystead::oauth {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class CodeAndRefresh : public TokenServer {
 protected:
  TokenAnswer redeemed() { return ask(redemption(approve(public_client.id))).value(); }
  Secret refreshed(Secret const& token) {
    return ask(refreshing(token)).value().refresh_token.value();
  }
};

TEST_F(CodeAndRefresh, ACodeBecomesTokensOfThePersonInTheTenant) {
  auto answer = redeemed();
  EXPECT_EQ(answer.lifetime, 1h);
  EXPECT_THAT(answer.scopes, ElementsAre("write"));
  auto principal = use(answer.access_token);
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->user(), user.id);
  EXPECT_EQ(principal->tenant(), here.tenant);
  EXPECT_FALSE(principal->manages());
  EXPECT_EQ(principal->delegation()->client, public_client.id);
  auto claims = claims_of(answer.access_token);
  EXPECT_EQ(said(claims, "iss"), kServer);
  EXPECT_EQ(said(claims, "aud"), kResource);
  EXPECT_EQ(said(claims, "sub"), "user:" + user.id.text());
  EXPECT_EQ(said(claims, "client_id"), "kc_public");
  EXPECT_EQ(said(claims, "scope"), "write");
  EXPECT_EQ(codec::to_text(claims).find(here.tenant.text()), std::string::npos);
}

TEST_F(CodeAndRefresh, Attack45AReplayedCodeEndsWhatCameOfIt) {
  auto code = approve(public_client.id);
  auto answer = ask(redemption(code)).value();
  ASSERT_TRUE(use(answer.access_token));
  EXPECT_EQ(error_of(redemption(code)), "invalid_grant");
  EXPECT_FALSE(use(answer.access_token));
  EXPECT_EQ(error_of(refreshing(*answer.refresh_token)), "invalid_grant");
  EXPECT_EQ(here.last_entry().event, "grant.code_replayed");
}

TEST_F(CodeAndRefresh, Attack46AStrangerEndsNothingByReplaying) {
  auto code = approve(public_client.id);
  auto answer = ask(redemption(code)).value();
  add({.id = domain::ClientId("kc_other"), .grant_types = public_client.grant_types});
  EXPECT_EQ(error_of(with(redemption(code), "client_id", "kc_other")), "invalid_grant");
  EXPECT_EQ(
      error_of(with(redemption(code), "code_verifier", std::string(43, 'x'))), "invalid_grant"
  );
  auto stolen = with(refreshing(*answer.refresh_token), "client_id", "kc_other");
  EXPECT_EQ(error_of(stolen), "invalid_grant");
  EXPECT_TRUE(use(answer.access_token));
  EXPECT_EQ(error_of(refreshing(*answer.refresh_token)), "none");
}

TEST_F(CodeAndRefresh, Attack48ACodeIsOfOneClientAddressAndResource) {
  auto code = approve(public_client.id);
  auto good = redemption(code);
  EXPECT_EQ(error_of(with(good, "redirect_uri", "https://a.example/cb/")), "invalid_grant");
  EXPECT_EQ(error_of(with(good, "redirect_uri", "https://A.example/cb")), "invalid_grant");
  EXPECT_EQ(error_of(with(good, "resource", "https://elsewhere.example/mcp")), "invalid_target");
  EXPECT_EQ(error_of(with(good, "resource", std::string(kOtherResource))), "invalid_target");
  EXPECT_EQ(error_of(good, basic("kc_secret", "s3cret")), "invalid_request");
  EXPECT_EQ(error_of(with(good, "client_id", ""), basic("kc_secret", "s3cret")), "invalid_grant");
  EXPECT_EQ(error_of(good), "none") << "nothing of that has used it up";
}

TEST_F(CodeAndRefresh, Attack49NoCodeWithoutItsVerifier) {
  auto code = approve(public_client.id);
  auto good = redemption(code);
  auto digest = crypto::sha256(kVerifier);
  auto challenge =
      codec::base64url_encode({reinterpret_cast<char const*>(digest.data()), digest.size()});
  for (auto const& wrong :
       {std::string(), challenge, std::string(kVerifier.substr(1)), std::string(129, 'a')}) {
    EXPECT_EQ(error_of(with(good, "code_verifier", wrong)), "invalid_grant") << wrong;
  }
  EXPECT_EQ(error_of(good), "none");
}

TEST_F(CodeAndRefresh, ACodeIsOverAfterAMinute) {
  auto code = approve(public_client.id);
  here.clock.advance(60s);
  EXPECT_EQ(error_of(redemption(code)), "invalid_grant");
}

TEST_F(CodeAndRefresh, AnAccessTokenIsOverToTheSecondAndRefreshed) {
  auto answer = redeemed();
  here.clock.advance(1h - 1s);
  EXPECT_TRUE(use(answer.access_token));
  here.clock.advance(1s);
  EXPECT_FALSE(use(answer.access_token));
  auto next = ask(refreshing(*answer.refresh_token)).value();
  EXPECT_TRUE(use(next.access_token));
  EXPECT_NE(next.refresh_token->reveal(), answer.refresh_token->reveal());
}

TEST_F(CodeAndRefresh, WhoGotNoAnswerGetsTheSameSuccessorAlsoAfterARestart) {
  auto first = *redeemed().refresh_token;
  auto second = refreshed(first);
  here.clock.advance(30s);
  start();
  EXPECT_EQ(refreshed(first).reveal(), second.reveal());
  EXPECT_EQ(error_of(refreshing(second)), "none") << "and it is good";
}

TEST_F(CodeAndRefresh, Attack54ARefreshTokenThatIsUsedAgainLaterEndsAll) {
  auto answer = redeemed();
  auto second = ask(refreshing(*answer.refresh_token)).value();
  here.clock.advance(61s);
  EXPECT_EQ(error_of(refreshing(*answer.refresh_token)), "invalid_grant");
  EXPECT_FALSE(use(second.access_token));
  EXPECT_EQ(error_of(refreshing(*second.refresh_token)), "invalid_grant");
  EXPECT_EQ(here.last_entry().event, "grant.refresh_reused");
}

TEST_F(CodeAndRefresh, Attack55OnlyTheDirectParentIsExcused) {
  auto first = *redeemed().refresh_token;
  auto third = refreshed(refreshed(first));
  EXPECT_EQ(error_of(refreshing(first)), "invalid_grant");
  EXPECT_EQ(error_of(refreshing(third)), "invalid_grant");
}

TEST_F(CodeAndRefresh, Attack57ARefreshNeverGrows) {
  auto answer = ask(redemption(approve(public_client.id, {"read"}))).value();
  auto asked = refreshing(*answer.refresh_token);
  EXPECT_EQ(error_of(with(asked, "scope", "write")), "invalid_scope");
  EXPECT_EQ(error_of(with(asked, "scope", "read write")), "invalid_scope");
  EXPECT_EQ(error_of(with(asked, "scope", std::string(10'000, 'a'))), "invalid_scope");
  auto odd = ask(with(asked, "scope", " read  read openid ")).value();
  EXPECT_THAT(odd.scopes, ElementsAre("read"));
  auto unknown = ask(with(refreshing(*odd.refresh_token), "scope", "openid email")).value();
  EXPECT_THAT(unknown.scopes, ElementsAre("read"));
}

TEST_F(CodeAndRefresh, ANarrowerTokenIsNarrowerAndTheGrantIsNot) {
  auto answer = redeemed();
  auto narrow = ask(with(refreshing(*answer.refresh_token), "scope", "read")).value();
  EXPECT_THAT(scopes_of(narrow.access_token), ElementsAre("read"));
  auto full = ask(refreshing(*narrow.refresh_token)).value();
  EXPECT_THAT(scopes_of(full.access_token), ElementsAre("read", "write"));
}

TEST_F(CodeAndRefresh, Attack58AResourceIsOneOfTheGrant) {
  auto answer = redeemed();
  auto asked = refreshing(*answer.refresh_token);
  EXPECT_EQ(error_of(with(asked, "resource", "https://elsewhere.example/mcp")), "invalid_target");
  EXPECT_EQ(error_of(with(asked, "resource", std::string(kOtherResource))), "invalid_target");
  auto same = ask(with(asked, "resource", "HTTPS://OPS.example/mcp/")).value();
  EXPECT_EQ(said(claims_of(same.access_token), "aud"), kResource);
}

TEST_F(CodeAndRefresh, WhatEndsThePersonEndsItsTokensAtOnce) {
  auto answer = redeemed();
  ASSERT_TRUE(use(answer.access_token));
  authn::UserAuthority people(here.store->users(), *here.ring, here.clock);
  people.remove_membership(user.id, here.tenant, store::LastOwner::may_go, {}).value();
  EXPECT_FALSE(use(answer.access_token));
  EXPECT_EQ(error_of(refreshing(*answer.refresh_token)), "invalid_grant");
}

TEST_F(CodeAndRefresh, ATokenMakesNoKeys) {
  auto principal = use(redeemed().access_token).value();
  auto made = here.authority->create_as(principal, here.wanted({"read"}), {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::forbidden);
}

TEST_F(CodeAndRefresh, AClientWithoutTheGrantTypeGetsNoRefreshToken) {
  auto code = approve(domain::ClientId("kc_secret"));
  auto answer = ask(with(redemption(code), "client_id", ""), basic("kc_secret", "s3cret"));
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->refresh_token);
}

}  // namespace
}  // namespace keystead::oauth
