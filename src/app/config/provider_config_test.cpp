// The providers at which people sign in.
#include <gtest/gtest.h>

#include "app/config/config.hpp"

namespace keystead::app {
namespace {

using authn::ClientAuth;

std::vector<ProviderConfig> providers(std::string_view text, Environment const& environment = {}) {
  auto config = parse_config(text, "k.yaml", environment);
  if (!config) ADD_FAILURE() << config.error().public_text;
  return config ? config->sign_in.providers : std::vector<ProviderConfig>();
}

std::string mistakes(std::string_view text, Environment const& environment = {}) {
  auto config = parse_config(text, "k.yaml", environment);
  return config ? "none" : config.error().public_text;
}

constexpr char kProviders[] = R"(
sign_in:
  providers:
    okta: { issuer: "${OKTA:-}", client_id: "${ID:-}", client_secret: "${SECRET:-}" }
    own:
      title: Our own
      issuer: https://id.example.com/realms/a
      client_id: keystead
      scopes: [openid]
      client_auth: none
)";

TEST(ProviderConfig, AreReadInTheirOrder) {
  auto both = providers(kProviders, {{"OKTA", "https://a.example"}, {"ID", "i"}, {"SECRET", "s"}});
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].name, "okta");
  EXPECT_EQ(both[0].title, "");
  EXPECT_EQ(both[0].client_secret->reveal(), "s") << "it may be short: the provider chose it";
  EXPECT_EQ(both[0].scopes, (std::vector<std::string>{"openid", "email", "profile"}));
  EXPECT_FALSE(both[0].client_auth);
  EXPECT_EQ(both[1].title, "Our own");
  EXPECT_EQ(both[1].issuer, "https://id.example.com/realms/a");
  EXPECT_FALSE(both[1].client_secret);
  EXPECT_EQ(both[1].client_auth, ClientAuth::none);
}

TEST(ProviderConfig, OneWhoseVariableIsNotSetIsNone) {
  auto one = providers(kProviders);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].name, "own");
}

TEST(ProviderConfig, Attack11AClientSecretComesFromTheEnvironment) {
  EXPECT_EQ(
      mistakes(
          "sign_in: { providers: { a: { issuer: https://a.example, client_id: i, client_secret: s "
          "} } }"
      ),
      "k.yaml:1: sign_in.providers.a.client_secret: a secret does not belong in this file: write "
      "${NAME}"
  );
}

TEST(ProviderConfig, MistakesAreNamed) {
  EXPECT_EQ(
      mistakes(
          "sign_in:\n"
          "  providers:\n"
          "    A: { issuer: https://a.example, client_id: i }\n"
          "    b: { issuer: http://b.example, client_id: i, scopes: [email] }\n"
          "    c: { issuer: https://c.example, client_auth: client_secret_post }\n"
          "    d: { issuer: https://d.example, client_id: i, client_secret: \"${S}\", client_auth: "
          "own "
          "}\n",
          {{"S", "s"}}
      ),
      "k.yaml:3: sign_in.providers.A: a name is a-z, then up to 62 of a-z, 0-9 and _\n"
      "k.yaml:4: sign_in.providers.b.issuer: expected https: what it says over http could be "
      "anybody's\n"
      "k.yaml:4: sign_in.providers.b.scopes: openid is missing\n"
      "k.yaml:5: sign_in.providers.c: \"client_id\" is missing\n"
      "k.yaml:5: sign_in.providers.c.client_auth: there is no client_secret to show\n"
      "k.yaml:6: sign_in.providers.d.client_auth: expected one of client_secret_basic, "
      "client_secret_post, none"
  );
}

}  // namespace
}  // namespace keystead::app
