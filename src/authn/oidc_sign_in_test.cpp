#include "authn/oidc_sign_in.hpp"

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"
#include "authn/test_oidc_provider.hpp"
#include "authn/user_event.hpp"

namespace keystead::authn {
namespace {

using std::chrono::seconds;

// One client, two providers, and any number of browsers.
class OidcSignInTest : public testing::Test {
 protected:
  OidcSignInTest() {
    client_.client_id = "keystead";
    client_.scopes = {"openid", "email"};
    start();
  }

  void start() {
    std::vector<std::unique_ptr<OidcProvider>> providers;
    for (auto [name, fetcher] : {std::pair{"one", &one_}, {"other", &other_}}) {
      client_.name = name;
      client_.title = name;
      client_.issuer = fetcher->issuer;
      client_.redirect_uri = "https://keys.example/sign-in/callback/" + client_.name;
      providers.push_back(OidcProvider::make(client_, *fetcher, [](auto, auto) {}).value());
    }
    auto& store = *installation_.store;
    sign_in_.emplace(
        OidcSignIn::Parts{
            .providers = std::move(providers),
            .box = crypto::SealedBox(crypto::sha256("a key")),
            .users = store.users(),
            .once = store.once(),
            .clock = installation_.clock,
            .random = installation_.random,
        }
    );
  }

  OidcSignIn::Begun begin(std::optional<domain::UserId> const& links = {}) {
    return sign_in_->begin("one", "/account", links).value();
  }
  Result<OidcSignIn::Finished> finish(
      std::string const& query,
      std::string_view cookie,
      std::optional<domain::UserId> const& signed_in = {}
  ) {
    return sign_in_->finish("one", {query, cookie, signed_in, "request"});
  }
  Result<OidcSignIn::Finished> finish(
      OidcSignIn::Begun const& begun, std::optional<domain::UserId> const& signed_in = {}
  ) {
    return finish(one_.authorize(begun.location), begun.cookie.reveal(), signed_in);
  }
  // Why a whole sign-in was refused, as the log says it; empty if it was not.
  std::string refusal() {
    auto finished = finish(begin());
    return finished ? "" : finished.error().private_detail;
  }
  domain::User add_local_user(std::string email) {
    domain::User user;
    user.id = domain::UserId::mint(installation_.random);
    user.email = std::move(email);
    user.is_local = true;
    auto& users = installation_.store->users();
    EXPECT_TRUE(users.create_user(user, {}, user_event("user.create", user.id, {}, {}, {})));
    return user;
  }

  TestInstallation installation_;
  TestOidcProvider one_{"https://one.example"};
  TestOidcProvider other_{"https://other.example"};
  OidcClient client_;
  std::optional<OidcSignIn> sign_in_;
};

TEST_F(OidcSignInTest, ASubjectIsOneUserWhateverItsAddress) {
  one_.claims = {{"email", "ada@example.com"}, {"name", "Ada"}};
  auto first = finish(begin()).value();
  EXPECT_EQ(first.user.email, "ada@example.com");
  EXPECT_FALSE(first.user.is_local);
  EXPECT_EQ(first.next, "/account");
  EXPECT_EQ(first.issuer, "https://one.example");
  EXPECT_TRUE(installation_.store->users().list_memberships(first.user.id).empty());
  one_.claims = {{"email", "lovelace@example.com"}};
  EXPECT_EQ(finish(begin()).value().user.id, first.user.id);
}

TEST_F(OidcSignInTest, Attack38AnAddressIsNoReasonToTakeOneUserForAnother) {
  auto local = add_local_user("ada@example.com");
  one_.claims = {{"email", "ada@example.com"}, {"email_verified", true}};
  EXPECT_NE(finish(begin()).value().user.id, local.id);
}

TEST_F(OidcSignInTest, AsksWithPkceStateAndNonceAndItsOwnRedirectUri) {
  one_.authorize(begin().location);
  EXPECT_EQ(one_.asked["response_type"], "code");
  EXPECT_EQ(one_.asked["client_id"], "keystead");
  EXPECT_EQ(one_.asked["scope"], "openid email");
  EXPECT_EQ(one_.asked["redirect_uri"], "https://keys.example/sign-in/callback/one");
  EXPECT_EQ(one_.asked["code_challenge_method"], "S256");
  EXPECT_EQ(one_.asked["code_challenge"].size(), 43U);
  auto before = one_.asked;
  one_.authorize(begin().location);
  for (auto const* name : {"state", "nonce", "code_challenge"}) {
    EXPECT_GE(one_.asked[name].size(), 43U);
    EXPECT_NE(one_.asked[name], before[name]);
  }
}

TEST_F(OidcSignInTest, ACodeOfAnotherFlowIsOfNoUseWithoutItsVerifier) {
  auto stolen = read_form(one_.authorize(begin().location))["code"];
  auto begun = begin();
  auto state = read_form(one_.authorize(begun.location))["state"];
  auto finished = finish("code=" + stolen + "&state=" + state, begun.cookie.reveal());
  EXPECT_EQ(finished.error().private_detail, "the token endpoint says 400, invalid_grant");
}

TEST_F(OidcSignInTest, ANonceThatIsNotOfThisFlowIsRefused) {
  one_.claims = {{"nonce", "another"}};
  EXPECT_EQ(refusal(), "the ID token: its nonce is not that of this sign-in");
  one_.claims = {{"nonce", nullptr}};
  EXPECT_EQ(refusal(), "the ID token: its nonce is not that of this sign-in");
}

TEST_F(OidcSignInTest, AnIdTokenOfAnotherIssuerOrForSomebodyElseIsRefused) {
  one_.claims = {{"iss", "https://other.example"}};
  EXPECT_TRUE(refusal().starts_with("the token: issuer")) << refusal();
  one_.claims = {{"aud", "another"}};
  EXPECT_TRUE(refusal().starts_with("the token: audience")) << refusal();
  one_.claims = {{"aud", {"keystead", "another"}}};
  EXPECT_EQ(refusal(), "the ID token: azp is not ours");
  one_.claims = {{"azp", "another"}};
  EXPECT_EQ(refusal(), "the ID token: azp is not ours");
  one_.claims = {{"aud", {"keystead", "another"}}, {"azp", "keystead"}};
  EXPECT_EQ(refusal(), "");
}

TEST_F(OidcSignInTest, Attack50AnAnswerOfAnotherIssuerIsRefused) {
  auto begun = begin();
  auto answer = one_.authorize(begun.location);
  auto refused = finish(answer + "&iss=https%3A%2F%2Fother.example", begun.cookie.reveal());
  EXPECT_EQ(refused.error().private_detail, "the answer's iss is not the provider's");
  one_.discovery["authorization_response_iss_parameter_supported"] = true;
  start();
  EXPECT_EQ(refusal(), "the answer's iss is not the provider's");
  begun = begin();
  answer = one_.authorize(begun.location);
  EXPECT_TRUE(finish(answer + "&iss=https%3A%2F%2Fone.example", begun.cookie.reveal()));
}

TEST_F(OidcSignInTest, Attack51TheStateOfAnotherBrowserIsRefused) {
  auto attackers = one_.authorize(begin().location);
  auto victims = begin();
  EXPECT_EQ(
      finish(attackers, victims.cookie.reveal()).error().private_detail,
      "the state is not this browser's"
  );
  EXPECT_EQ(
      finish(attackers, "").error().private_detail, "the browser has no cookie of such a flow"
  );
}

TEST_F(OidcSignInTest, Attack73AFlowOfOneProviderIsNoneOfAnother) {
  auto begun = sign_in_->begin("other", "", {}).value();
  auto refused = finish(other_.authorize(begun.location), begun.cookie.reveal());
  EXPECT_EQ(refused.error().private_detail, "the browser has no cookie of such a flow");
}

TEST_F(OidcSignInTest, AStateServesOnce) {
  auto begun = begin();
  auto answer = one_.authorize(begun.location);
  ASSERT_TRUE(finish(answer, begun.cookie.reveal()));
  auto again = finish(answer, begun.cookie.reveal());
  EXPECT_EQ(again.error().private_detail, "the state was used before");
}

TEST_F(OidcSignInTest, AFlowIsOverAfterTenMinutes) {
  auto begun = begin();
  installation_.clock.advance(OidcFlow::kLifetime);
  EXPECT_EQ(finish(begun).error().private_detail, "the flow is over");
}

TEST_F(OidcSignInTest, AnErrorIsToldInWordsOfOurOwn) {
  auto told = [this](std::string const& error) {
    auto begun = begin();
    auto state = read_form(one_.authorize(begun.location))["state"];
    auto refused = finish("error=" + error + "&state=" + state, begun.cookie.reveal());
    return refused.error().public_text;
  };
  EXPECT_EQ(
      told("access_denied&error_description=%3Cscript%3E"), "The sign-in with one was cancelled."
  );
  EXPECT_EQ(told("%3Cscript%3E"), "The sign-in with one did not succeed.");
}

TEST_F(OidcSignInTest, WhatAnAnswerSaysTwiceIsRefused) {
  auto begun = begin();
  auto answer = one_.authorize(begun.location);
  EXPECT_FALSE(finish(answer + "&code=another", begun.cookie.reveal()));
}

TEST_F(OidcSignInTest, ShowsWhoItIsAsTheProviderSupportsIt) {
  auto sent = [this] {
    EXPECT_EQ(refusal(), "");
    auto const& headers = one_.last_token_request.headers;
    bool is_basic = headers.back().name == "Authorization";
    auto form = read_form(one_.last_token_request.body);
    return (is_basic ? headers.back().value : "none") + " " + form["client_id"] + " " +
           form["client_secret"];
  };
  EXPECT_EQ(sent(), "none keystead ");
  client_.client_secret = Secret("a secret:");
  start();
  EXPECT_EQ(sent(), "Basic a2V5c3RlYWQ6YSUyMHNlY3JldCUzQQ==  ");
  one_.discovery["token_endpoint_auth_methods_supported"] = {"none", "client_secret_post"};
  start();
  EXPECT_EQ(sent(), "none keystead a secret:");
  one_.discovery["token_endpoint_auth_methods_supported"] = jose::json::array{"private_key_jwt"};
  start();
  EXPECT_EQ(refusal(), "it supports neither client_secret_basic nor client_secret_post");
}

TEST_F(OidcSignInTest, OnlyTheHostThatTheOperatorNamedMayBeInside) {
  EXPECT_EQ(refusal(), "");
  EXPECT_EQ(one_.last_token_request.reach, http::Reach::configured);
  one_.discovery["token_endpoint"] = "https://tokens.example/token";
  start();
  EXPECT_EQ(refusal(), "");
  EXPECT_EQ(one_.last_token_request.reach, http::Reach::public_only);
}

TEST_F(OidcSignInTest, LinksAnIdentityToWhoAskedForIt) {
  auto local = add_local_user("ada@example.com");
  auto linked = finish(begin(local.id), local.id).value();
  EXPECT_TRUE(linked.is_linked);
  EXPECT_EQ(linked.user.id, local.id);
  EXPECT_EQ(finish(begin()).value().user.id, local.id) << "from now on it signs in";
  EXPECT_EQ(installation_.last_entry().event, "user.link");
  EXPECT_EQ(installation_.last_entry().actor, "user:" + local.id.text());
}

TEST_F(OidcSignInTest, Attack38LinksNothingToWhoDidNotAsk) {
  auto local = add_local_user("ada@example.com");
  auto other = add_local_user("eve@example.com");
  EXPECT_FALSE(finish(begin(local.id), other.id));
  EXPECT_FALSE(finish(begin(local.id)));
  EXPECT_TRUE(installation_.store->users().list_identities(local.id).empty());
  auto finished = finish(begin(), local.id).value();
  EXPECT_FALSE(finished.is_linked) << "who is signed in here did not ask";
  EXPECT_NE(finished.user.id, local.id);
}

TEST_F(OidcSignInTest, AnIdentityOfAnotherUserIsNotTakenAway) {
  auto first = finish(begin()).value();
  auto local = add_local_user("ada@example.com");
  auto refused = finish(begin(local.id), local.id);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_EQ(finish(begin()).value().user.id, first.user.id);
}

TEST_F(OidcSignInTest, AUserWhoHasEndedStaysOut) {
  auto user = finish(begin()).value().user;
  auto& users = installation_.store->users();
  auto entry = user_event("user.end", user.id, {}, {}, {});
  ASSERT_TRUE(users.end_user(user.id, installation_.clock.now(), store::LastOwner::may_go, entry));
  EXPECT_EQ(finish(begin()).error().code, Code::unauthorized);
}

TEST_F(OidcSignInTest, WithoutTheProviderNobodyIsLetIn) {
  auto begun = begin();
  auto answer = one_.authorize(begun.location);
  one_.is_down = true;
  EXPECT_EQ(finish(answer, begun.cookie.reveal()).error().code, Code::unavailable);
  start();
  EXPECT_EQ(sign_in_->begin("one", "", {}).error().code, Code::unavailable);
  EXPECT_EQ(sign_in_->begin("third", "", {}).error().code, Code::not_found);
}

TEST_F(OidcSignInTest, ALongWayBackIsForgotten) {
  std::string next(OidcFlow::kNextMax + 1, '/');
  auto begun = sign_in_->begin("one", next, {}).value();
  EXPECT_EQ(finish(begun).value().next, "");
}

}  // namespace
}  // namespace keystead::authn
