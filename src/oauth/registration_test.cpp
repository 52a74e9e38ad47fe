#include "oauth/registration.hpp"

#include <gmock/gmock.h>

#include "authn/test_installation.hpp"
#include "codec/json.hpp"
#include "oauth/issued_secret.hpp"

namespace keystead::oauth {
namespace {

using domain::ClientAuth;
using Kind = Registration::Refusal::Kind;

class RegistrationTest : public testing::Test {
 protected:
  std::expected<Registration::Registered, Registration::Refusal> add(
      std::string const& more = "", std::string_view address = "192.0.2.1"
  ) {
    auto document = codec::parse_json(
        "{\"redirect_uris\":[\"http://localhost/cb\"],\"client_name\":\"A\"" + more + "}"
    );
    return registration_.add(document.value().as_object(), address, "r1");
  }

  authn::TestInstallation here_;
  Registration registration_{{
      .options =
          {.rules =
               {{ClientAuth::client_secret_basic, ClientAuth::none, ClientAuth::private_key_jwt},
                {domain::GrantType::authorization_code, domain::GrantType::refresh_token},
                {}},
           .per_address_max = 3,
           .total_max = 5},
      .clients = here_.store->clients(),
      .digester = here_.digester,
      .clock = here_.clock,
      .random = here_.random,
  }};
};

TEST_F(RegistrationTest, Attack62ANetworkOfIpv6CountsAsOneAddress) {
  for (auto address : {"2001:db8::1", "2001:db8::2", "2001:db8::3"}) EXPECT_TRUE(add("", address));
  EXPECT_EQ(add("", "2001:db8::4").error().kind, Kind::quota);
  EXPECT_TRUE(add("", "2001:db8:0:1::1"));
}

TEST_F(RegistrationTest, APublicClientGetsAnIdAndNoSecret) {
  auto made = add(",\"token_endpoint_auth_method\":\"none\"").value();
  EXPECT_TRUE(made.secret.empty());
  auto kept = here_.store->clients().find_client(made.client.id).value();
  EXPECT_EQ(kept.name, "A");
  EXPECT_EQ(kept.origin, domain::ClientOrigin::registered);
  EXPECT_EQ(kept.address, "192.0.2.1");
  auto answer = describe(made);
  EXPECT_EQ(answer["client_id"].as_string(), made.client.id.text());
  EXPECT_EQ(answer["token_endpoint_auth_method"], "none");
  EXPECT_FALSE(answer.contains("client_secret"));
  EXPECT_FALSE(answer.contains("client_secret_expires_at"));
}

TEST_F(RegistrationTest, ASecretIsToldOnceAndKeptAsADigest) {
  auto made = add().value();
  EXPECT_EQ(made.secret.reveal().size(), 43);
  auto kept = here_.store->clients().find_client(made.client.id).value();
  EXPECT_EQ(
      kept.secret,
      digest_of(
          SecretPurpose::client_secret,
          made.secret.reveal(),
          here_.digester,
          here_.digester.current_version()
      )
  );
  EXPECT_EQ(describe(made)["client_secret"].as_string(), made.secret.reveal());
  EXPECT_THAT(
      here_.last_entry().detail, testing::Not(testing::HasSubstr(std::string(made.secret.reveal())))
  );
  EXPECT_EQ(here_.last_entry().event, "client.register");
}

// RFC 7591 §3.2.1: all that was registered is told.
TEST_F(RegistrationTest, AClientThatSignsIsToldTheKeysThatItGave) {
  auto made = add(R"(,"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[{"kty":"EC",
      "crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})")
                  .value();
  EXPECT_TRUE(made.secret.empty());
  auto answer = describe(made);
  ASSERT_TRUE(answer.contains("jwks"));
  EXPECT_EQ(codec::to_text(answer["jwks"]), made.client.jwks);
  EXPECT_FALSE(describe(add().value()).contains("jwks"));
}

// Attack 62.
TEST_F(RegistrationTest, Attack62StrangersFillNeitherTheirPlaceNorTheWhole) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(add());
  EXPECT_EQ(add().error().kind, Kind::quota);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(add("", "192.0.2.2"));
  EXPECT_EQ(add("", "192.0.2.3").error().kind, Kind::quota);
  here_.clock.advance(Registration::kUnusedFor + std::chrono::seconds(1));
  auto now = here_.clock.now();
  EXPECT_EQ(here_.store->clients().reap_clients(now - Registration::kUnusedFor, Time{}), 5);
  EXPECT_TRUE(add());
}

TEST_F(RegistrationTest, SaysWhichOfTheTwoErrorsItIs) {
  EXPECT_EQ(add(",\"response_types\":[\"token\"]").error().kind, Kind::metadata);
  auto bad = codec::parse_json(R"({"redirect_uris":["ftp://x"]})").value();
  EXPECT_EQ(registration_.add(bad.as_object(), "192.0.2.1", "r").error().kind, Kind::redirect_uri);
}

}  // namespace
}  // namespace keystead::oauth
