#include "oauth/checks/client_authentication.hpp"

#include <gmock/gmock.h>

#include "jose/sign_jwt.hpp"
#include "oauth/test_token_server.hpp"

namespace keystead::oauth {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

class ClientAuthenticationTest : public TokenServer {
 protected:
  ClientAuthenticationTest() {
    auto client = secret_client();
    client.id = domain::ClientId("kc_signs");
    client.auth = domain::ClientAuth::private_key_jwt;
    client.secret.reset();
    client.jwks = codec::to_text(jose::JwkSet({key_.verifying_key()}).to_json());
    add(client);
  }

  std::string prove(Parameters const& parameters, std::string_view authorization = {}) {
    auto request = request_of(parameters);
    auto proven = authentication->prove({issuers.root(), request, authorization, "192.0.2.1", "r"});
    return proven ? proven->client.id.text() : std::string(name_of(proven.error().error));
  }
  json::object claims() {
    auto now = std::chrono::floor<std::chrono::seconds>(here.clock.now()).time_since_epoch();
    return {
        {"iss", "kc_signs"},
        {"sub", "kc_signs"},
        {"aud", kServer},
        {"iat", now.count()},
        {"exp", (now + 60s).count()},
        {"jti", "one"}
    };
  }
  std::string prove_with(json::object const& said, json::object const& header = {}) {
    return prove(
        {{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
         {"client_assertion", jose::sign_jwt(header, said, key_)}}
    );
  }

  jose::SigningKey key_ = jose::SigningKey::generate(jose::Algorithm::es256, here.random);
};

TEST_F(ClientAuthenticationTest, ASecretComesInTheHeaderOrInTheBody) {
  EXPECT_EQ(prove({}, basic("kc_secret", "s3cret")), "kc_secret");
  EXPECT_EQ(prove({{"client_id", "kc_secret"}}, basic("kc_secret", "s3cret")), "kc_secret");
  EXPECT_EQ(prove({{"client_id", "kc_secret"}, {"client_secret", "s3cret"}}), "kc_secret");
  EXPECT_EQ(prove({{"client_id", "kc_public"}}), "kc_public");
}

TEST_F(ClientAuthenticationTest, WhateverIsWrongIsTheSame) {
  for (auto const& header :
       {basic("kc_secret", "wrong"),
        basic("kc_secret", ""),
        basic("kc_nobody", "s3cret"),
        basic("kc_public", "s3cret"),
        basic("", "s3cret"),
        std::string("Basic"),
        std::string("Basic !"),
        std::string("Bearer s3cret")}) {
    EXPECT_EQ(prove({}, header), "invalid_client") << header;
  }
  EXPECT_EQ(prove({}), "invalid_client");
  EXPECT_EQ(prove({{"client_id", "kc_secret"}}), "invalid_client");
  EXPECT_EQ(prove({{"client_id", "kc_signs"}}), "invalid_client");
  EXPECT_EQ(prove({{"client_id", std::string(513, 'a')}}), "invalid_client");
}

TEST_F(ClientAuthenticationTest, Attack60TwoClientsInOneRequestAreNone) {
  EXPECT_EQ(prove({{"client_id", "kc_public"}}, basic("kc_secret", "s3cret")), "invalid_request");
  EXPECT_EQ(prove({{"client_secret", "s3cret"}}, basic("kc_secret", "s3cret")), "invalid_request");
}

TEST_F(ClientAuthenticationTest, AKeyIsASecretOfWhomeverIsNoClientOfOurs) {
  std::string key(here.create().key.reveal());
  EXPECT_EQ(prove({{"client_id", "my-script"}, {"client_secret", key}}), "my-script");
  EXPECT_EQ(prove({}, basic("my-script", key)), "my-script");
  for (auto const* name : {"kc_secret", "kc_public", "kc_forgotten", "https://a.example/c.json"}) {
    EXPECT_EQ(prove({{"client_id", name}, {"client_secret", key}}), "invalid_client") << name;
  }
  EXPECT_EQ(prove({{"client_id", "x"}, {"client_secret", key + "x"}}), "invalid_client");
}

// Attack 62: the document of a client that is unknown is fetched where clients begin, for whom that
// is counted. There is no network here: what is fetched fails, and is then no client.
TEST_F(ClientAuthenticationTest, Attack62AStrangerIsMetWhereItIsCounted) {
  Parameters const shown{{"client_id", "https://a.example/c.json"}};
  auto request = request_of(shown);
  TokenCall call{issuers.root(), request, {}, "192.0.2.1", "r"};
  int counted = 0;
  call.count_stranger = [&] { return ++counted == 1; };
  auto error_of = [&](Meets meets) {
    auto proven = authentication->prove(call, meets);
    return proven ? "none" : std::string(name_of(proven.error().error));
  };
  EXPECT_EQ(error_of(Meets::known), "invalid_client");
  EXPECT_EQ(network.asked, 0);
  EXPECT_EQ(error_of(Meets::strangers), "invalid_client");
  EXPECT_EQ(network.asked, 1);
  EXPECT_EQ(error_of(Meets::strangers), "temporarily_unavailable");
  EXPECT_EQ(counted, 2);
}

TEST_F(ClientAuthenticationTest, AClientWhoseDocumentIsGoneIsNotToldThatItIsNone) {
  auto client = public_client;
  client.id = domain::ClientId("https://a.example/c.json");
  client.origin = domain::ClientOrigin::metadata_document;
  client.fresh_until = here.clock.now() - 1h;
  add(client);
  EXPECT_EQ(prove({{"client_id", client.id.text()}}), client.id.text());
  client.fresh_until = here.clock.now() - 24h;
  add(client);
  EXPECT_EQ(prove({{"client_id", client.id.text()}}), "temporarily_unavailable");
}

TEST_F(ClientAuthenticationTest, AnAssertionIsSignedForUsAndCountsOnce) {
  EXPECT_EQ(prove_with(claims()), "kc_signs");
  auto said = claims();
  said["jti"] = "two";
  said["aud"] = std::string(kServer) + "/oauth/token";
  EXPECT_EQ(prove_with(said), "kc_signs");
}

TEST_F(ClientAuthenticationTest, AnAssertionThatNamesNobodyProvesNothing) {
  for (auto const* assertion : {"garbage", "a.b.c", "e30.e30.e30"}) {
    Parameters const shown{
        {"client_id", "kc_signs"},
        {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
        {"client_assertion", assertion}
    };
    EXPECT_EQ(prove(shown), "invalid_client") << assertion;
  }
}

// The clients of RFC 7523 before its revision.
TEST_F(ClientAuthenticationTest, AnAssertionMayNameUsInTwoWaysAtOnce) {
  auto said = claims();
  said["aud"] = json::array{kServer, std::string(kServer) + "/oauth/token"};
  EXPECT_EQ(prove_with(said), "kc_signs");
}

TEST_F(ClientAuthenticationTest, Attack61AReplayedOrForeignOrEndlessAssertionIsRefused) {
  ASSERT_EQ(prove_with(claims()), "kc_signs");
  EXPECT_EQ(prove_with(claims()), "invalid_client") << "the same jti";
  auto refuses = [&](std::string_view name, json::value value) {
    auto said = claims();
    said["jti"] = std::string("for ") + std::string(name);
    if (value.is_null())
      said.erase(name);
    else
      said[name] = std::move(value);
    EXPECT_EQ(prove_with(said), "invalid_client") << name;
  };
  auto now = std::chrono::floor<std::chrono::seconds>(here.clock.now()).time_since_epoch().count();
  refuses("aud", "https://elsewhere.example");
  refuses("aud", json::array{kServer, "https://elsewhere.example"});
  refuses("aud", json::value());
  refuses("exp", now - 61);
  refuses("exp", now + 601);
  refuses("exp", json::value());
  refuses("sub", "kc_secret");
  refuses("iss", "kc_secret");
  refuses("jti", json::value());
  auto typed = claims();
  typed["jti"] = "typed";
  EXPECT_EQ(prove_with(typed, {{"typ", "at+jwt"}}), "invalid_client") << "attack 30";
}

}  // namespace
}  // namespace keystead::oauth
