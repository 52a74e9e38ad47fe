// The issuers of tenants beside that of the service, at the token endpoint and its neighbours. What
// was made under one is shown to another: by mistake, or because somebody told the client the
// addresses of two as one (attack 50).
#include <gmock/gmock.h>

#include "jose/sign_jwt.hpp"
#include "oauth/test_token_server.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

class TenantIssuer : public TokenServer {
 protected:
  TenantIssuer() : own_(issuer_of(here.tenant)), other_(issuer_of(here.other_tenant)) {}

  bool by_tenant_issuer(Secret const& token) {
    auto principal = use(token);
    return principal && principal->delegation() && principal->delegation()->by_tenant_issuer;
  }
  bool is_active(domain::Issuer const& issuer, Secret const& token) {
    auto request = request_of({{"token", std::string(token.reveal())}});
    auto header = basic("kc_secret", "s3cret");
    auto seen = inspection->introspect({issuer, request, header, "192.0.2.1", "r"});
    return seen && seen->at("active").as_bool();
  }
  bool revoke(domain::Issuer const& issuer, Secret const& token) {
    auto request = request_of({{"token", std::string(token.reveal())}, {"client_id", "kc_public"}});
    return inspection->revoke({issuer, request, {}, "192.0.2.1", "r"}).has_value();
  }

  domain::Issuer own_, other_;
};

TEST_F(TenantIssuer, ATokenNamesItAndItsResource) {
  auto answer = ask_at(own_, redemption(approve_at(own_, public_client.id))).value();
  auto claims = claims_of(answer.access_token);
  EXPECT_EQ(said(claims, "iss"), std::string(kServer) + "/t/" + here.tenant.text());
  EXPECT_EQ(said(claims, "aud"), std::string(kServer) + "/t/" + here.tenant.text() + "/mcp");
  EXPECT_TRUE(by_tenant_issuer(answer.access_token));
  auto next = ask_at(own_, refreshing(*answer.refresh_token)).value();
  EXPECT_EQ(said(claims_of(next.access_token), "iss"), own_.url);
  auto of_root = ask(redemption(approve(public_client.id))).value();
  EXPECT_FALSE(by_tenant_issuer(of_root.access_token));
}

TEST_F(TenantIssuer, Attack50ACodeIsGoodWhereItWasMadeAndNotUsedUpElsewhere) {
  auto root = issuers.root();
  for (auto const& [made, shown] : {std::pair(own_, root), {root, own_}, {own_, other_}}) {
    auto code = approve_at(made, public_client.id);
    EXPECT_EQ(error_at(shown, redemption(code)), "invalid_grant");
    EXPECT_EQ(error_at(shown, redemption(code)), "invalid_grant");
    EXPECT_EQ(error_at(made, redemption(code)), "none");
    EXPECT_EQ(error_at(shown, redemption(code)), "invalid_grant");
    EXPECT_TRUE(here.store->grants().list_grants(user.id).front().ended_at == std::nullopt)
        << "a replay elsewhere ends nothing";
  }
}

TEST_F(TenantIssuer, Attack50ARefreshTokenIsGoodWhereItWasMadeAndNotUsedUpElsewhere) {
  auto root = issuers.root();
  for (auto const& [made, shown] : {std::pair(own_, root), {root, own_}, {own_, other_}}) {
    auto first = ask_at(made, redemption(approve_at(made, public_client.id))).value();
    EXPECT_EQ(error_at(shown, refreshing(*first.refresh_token)), "invalid_grant");
    auto second = ask_at(made, refreshing(*first.refresh_token)).value();
    here.clock.advance(std::chrono::minutes(5));
    EXPECT_EQ(error_at(shown, refreshing(*first.refresh_token)), "invalid_grant");
    EXPECT_EQ(error_at(made, refreshing(*second.refresh_token)), "none") << "it was not ended";
  }
}

TEST_F(TenantIssuer, Attack58TheResourceIsOneOfItsOwn) {
  auto code = [&] { return redemption(approve_at(own_, public_client.id)); };
  EXPECT_EQ(error_at(own_, with(code(), "resource", std::string(kResource))), "invalid_target");
  EXPECT_EQ(error_at(own_, with(code(), "resource", own_.resources.front())), "none");
  auto key = here.create();
  EXPECT_EQ(
      error_at(own_, with(with_key(key.key), "resource", std::string(kResource))), "invalid_target"
  );
  EXPECT_EQ(
      error_of(with(with_key(key.key), "resource", own_.resources.front())), "invalid_target"
  );
}

TEST_F(TenantIssuer, AKeyIsGoodAtThatOfItsTenantAlone) {
  auto key = here.create();
  auto token = ask_at(own_, with_key(key.key)).value().access_token;
  EXPECT_EQ(said(claims_of(token), "iss"), own_.url);
  EXPECT_TRUE(by_tenant_issuer(token));
  EXPECT_EQ(error_at(other_, with_key(key.key)), "invalid_client");
  authn::NewKey platform{.kind = "platform", .name = "p", .scopes = {"write"}};
  auto unbound = here.create(platform);
  EXPECT_EQ(error_at(own_, with_key(unbound.key)), "invalid_client");
}

TEST_F(TenantIssuer, AClientOfATenantActsByItselfThereAlone) {
  Parameters const request{{"grant_type", "client_credentials"}};
  auto header = basic("kc_secret", "s3cret");
  EXPECT_EQ(error_at(own_, request, header), "none");
  EXPECT_EQ(error_of(request, header), "none");
  EXPECT_EQ(error_at(other_, request, header), "unauthorized_client");
}

TEST_F(TenantIssuer, Attack50ATokenIsExchangedWhereItWasMade) {
  auto key = here.create();
  auto of_own = ask_at(own_, with_key(key.key)).value().access_token;
  auto of_root = ask(with_key(key.key)).value().access_token;
  EXPECT_EQ(error_of(exchanging(of_own.reveal())), "invalid_request");
  EXPECT_EQ(error_at(own_, exchanging(of_root.reveal())), "invalid_request");
  EXPECT_EQ(error_at(other_, exchanging(of_own.reveal())), "invalid_request");
  EXPECT_EQ(error_at(other_, exchanging(key.key.reveal())), "invalid_request");
  auto child = ask_at(own_, exchanging(of_own.reveal())).value().access_token;
  EXPECT_EQ(said(claims_of(child), "iss"), own_.url);
  EXPECT_EQ(said(claims_of(child), "aud"), own_.resources.front());
  EXPECT_TRUE(by_tenant_issuer(child));
}

TEST_F(TenantIssuer, Attack61AnAssertionIsForOneIssuer) {
  auto signing = jose::SigningKey::generate(jose::Algorithm::es256, here.random);
  auto client = secret_client();
  client.id = domain::ClientId("kc_signs");
  client.auth = domain::ClientAuth::private_key_jwt;
  client.secret.reset();
  client.jwks = codec::to_text(jose::JwkSet({signing.verifying_key()}).to_json());
  add(client);
  int made = 0;
  auto signed_for = [&](std::string const& audience) {
    auto now = std::chrono::floor<std::chrono::seconds>(here.clock.now()).time_since_epoch();
    json::object claims{
        {"iss", "kc_signs"},
        {"sub", "kc_signs"},
        {"aud", audience},
        {"exp", (now + std::chrono::seconds(60)).count()},
        {"jti", std::to_string(++made)}
    };
    return Parameters{
        {"grant_type", "client_credentials"},
        {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
        {"client_assertion", jose::sign_jwt({}, claims, signing)}
    };
  };
  EXPECT_EQ(error_at(own_, signed_for(own_.url)), "none");
  EXPECT_EQ(error_at(own_, signed_for(own_.url + "/oauth/token")), "none");
  EXPECT_EQ(error_at(own_, signed_for(std::string(kServer))), "invalid_client");
  EXPECT_EQ(error_of(signed_for(own_.url)), "invalid_client");
  EXPECT_EQ(error_at(other_, signed_for(own_.url)), "invalid_client");
}

TEST_F(TenantIssuer, Attack70AnotherIssuerSeesAndEndsNothing) {
  auto answer = ask_at(own_, redemption(approve_at(own_, public_client.id))).value();
  for (auto const* token : {&answer.access_token, &*answer.refresh_token}) {
    EXPECT_TRUE(is_active(own_, *token));
    for (auto const& issuer : {issuers.root(), other_}) {
      EXPECT_FALSE(is_active(issuer, *token));
      EXPECT_TRUE(revoke(issuer, *token));
      EXPECT_TRUE(use(answer.access_token));
    }
  }
  EXPECT_TRUE(revoke(own_, answer.access_token));
  EXPECT_FALSE(use(answer.access_token));
}

// The keys are the same for all, so that what a token says of its issuer is held against its grant.
TEST_F(TenantIssuer, ATokenWhoseGrantIsAnotherTenantsIsNone) {
  auto answer = ask(redemption(approve(public_client.id))).value();
  auto claims = claims_of(answer.access_token);
  auto as = [&](domain::Issuer const& issuer) {
    claims["iss"] = issuer.url;
    claims["aud"] = issuer.resources.front();
    return Secret(jose::sign_jwt({{"typ", "at+jwt"}}, claims, keys->get()->keys.current));
  };
  EXPECT_TRUE(use(as(issuers.root())));
  EXPECT_FALSE(use(as(other_)));
  EXPECT_FALSE(use(as(own_))) << "its grant was made at the root";
}

}  // namespace
}  // namespace keystead::oauth
