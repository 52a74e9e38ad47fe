#include "authn/oidc_logout.hpp"

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"
#include "authn/test_oidc_provider.hpp"
#include "authn/user_event.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kEvent = "http://schemas.openid.net/event/backchannel-logout";

// A user of the provider, with a session that was begun there and one that was not.
class OidcLogoutTest : public testing::Test {
 protected:
  OidcLogoutTest() {
    OidcClient client;
    client.name = "one";
    client.issuer = provider_.issuer;
    client.client_id = "keystead";
    std::vector<std::unique_ptr<OidcProvider>> providers;
    providers.push_back(OidcProvider::make(client, provider_, [](auto, auto) {}).value());
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
    sessions_.emplace(
        Sessions::Parts{
            .options = {},
            .digester = installation_.digester,
            .store = store.sessions(),
            .users = store.users(),
            .places = Places(store.users(), store, false),
            .scopes = {},
            .ring = *installation_.ring,
            .clock = installation_.clock,
            .random = installation_.random,
        }
    );
    logout_.emplace(OidcLogout::Parts{*sign_in_, *sessions_, store.users(), installation_.clock});
    user_.id = domain::UserId::mint(installation_.random);
    auto identity = domain::Identity::make(provider_.issuer, "user_1").value();
    auto entry = user_event("user.create", user_.id, {}, {}, {});
    EXPECT_TRUE(store.users().find_or_create_user(identity, user_, entry));
    begin("oidc:" + provider_.issuer);
    begin("password");
  }

  void begin(std::string const& by) {
    EXPECT_TRUE(sessions_->begin(user_.id, by, {"192.0.2.1", "Browser"}, "", "request"));
  }
  // How each session was begun that there still is.
  std::string left() {
    std::string text;
    for (auto const& session : sessions_->list(user_.id)) text += session.signed_in_by + ";";
    return text;
  }
  jose::json::object claims() const {
    auto claims = jose::good_claims();
    claims["iss"] = provider_.issuer;
    claims["aud"] = "keystead";
    claims["jti"] = "1";
    claims["events"] = {{kEvent, jose::json::object()}};
    return claims;
  }
  std::string take(jose::json::object const& claims, std::string_view type = "logout+jwt") {
    auto header = jose::good_header();
    header["typ"] = type;
    auto ended = logout_->take("one", jose::token_of(header, claims), "request");
    return ended ? std::to_string(*ended) : ended.error().private_detail;
  }

  TestInstallation installation_;
  TestOidcProvider provider_{"https://one.example"};
  std::optional<OidcSignIn> sign_in_;
  std::optional<Sessions> sessions_;
  std::optional<OidcLogout> logout_;
  domain::User user_;
};

TEST_F(OidcLogoutTest, Attack39EndsTheSessionsThatWereBegunThere) {
  EXPECT_EQ(take(claims()), "1");
  EXPECT_EQ(left(), "password;");
  EXPECT_EQ(take(claims(), "JWT"), "0");
}

TEST_F(OidcLogoutTest, EndsNoneOfAnybodyElse) {
  auto of_other = claims();
  of_other["sub"] = "user_2";
  EXPECT_EQ(take(of_other), "0");
}

TEST_F(OidcLogoutTest, ATokenThatIsSentAgainEndsNothingThatWasBegunSince) {
  EXPECT_EQ(take(claims()), "1");
  installation_.clock.advance(90s);
  begin("oidc:" + provider_.issuer);
  EXPECT_EQ(take(claims()), "0");
}

TEST_F(OidcLogoutTest, Attack30AnIdTokenIsNone) {
  auto id_token = claims();
  id_token.erase("events");
  EXPECT_EQ(take(id_token), "the logout token: it tells of no logout");
  auto both = claims();
  both["nonce"] = "n";
  EXPECT_EQ(take(both), "the logout token: it tells of no logout");
  EXPECT_EQ(take(claims(), "at+jwt").substr(0, 16), "the token: type:");
}

TEST_F(OidcLogoutTest, WhatIsNotOfTheProviderForUsIsRefused) {
  for (auto [name, wrong] : {std::pair{"iss", "https://other.example"}, {"aud", "another"}}) {
    auto changed = claims();
    changed[name] = wrong;
    EXPECT_TRUE(take(changed).starts_with("the token: ")) << name;
  }
  for (auto const* name : {"sub", "iat", "exp"}) {
    auto changed = claims();
    changed.erase(name);
    EXPECT_TRUE(take(changed).starts_with("the token: missing_claim")) << name;
  }
  EXPECT_EQ(logout_->take("other", "", "request").error().code, Code::not_found);
  EXPECT_NE(left(), "password;");
}

}  // namespace
}  // namespace keystead::authn
