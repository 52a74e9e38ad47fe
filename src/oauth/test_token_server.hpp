// The token endpoint with all that it stands on, for the tests of this room.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include "authn/own_tokens.hpp"
#include "authn/test_installation.hpp"
#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "codec/percent.hpp"
#include "crypto/digest.hpp"
#include "oauth/issued_secret.hpp"
#include "oauth/token_endpoint.hpp"
#include "oauth/token_inspection.hpp"
#include "store/user_store.hpp"

namespace keystead::oauth {

class NoNetwork final : public http::Fetcher {
 public:
  Result<http::FetchAnswer> fetch(http::FetchRequest const&) override {
    ++asked;
    return http::fetch_failed("there is no network here");
  }
  int asked = 0;
};

inline constexpr std::string_view kServer = "https://ops.example";
inline constexpr std::string_view kResource = "https://ops.example/mcp";
inline constexpr std::string_view kOtherResource = "https://ops.example/other";
inline constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr std::string_view kRedirectUri = "https://a.example/cb";

using Parameters = std::vector<std::pair<std::string_view, std::string>>;

class TokenServer : public testing::Test {
 protected:
  TokenServer() {
    user.id = domain::UserId::mint(here.random);
    user.created_at = here.clock.now();
    domain::Membership membership{user.id, here.tenant, domain::Role::member};
    here.store->users().create_user(user, membership, {}).value();
    add(public_client);
    add(secret_client());
    start();
  }

  // As after a restart: nothing in memory.
  void start() {
    here.start();
    keys.emplace(
        authn::TokenKeys::Parts{
            {}, here.store->signing_keys(), here.digester, here.clock, here.random
        }
    );
    auto full = here.scopes.resolve(std::vector<std::string>{"write"}).value();
    own_tokens = authn::OwnTokens::make({
                                            .issuers = issuers,
                                            .keys = *keys,
                                            .rules = *here.rules,
                                            .scopes = {full, full, full, full},
                                            .control = *here.store,
                                            .places = {here.store->users(), *here.store, false},
                                            .bound_only = dpop && dpop->is_required(),
                                        })
                     .value();
    authenticator.emplace(
        *here.rules,
        here.digester,
        *here.store,
        *here.ring,
        here.clock,
        nullptr,
        nullptr,
        own_tokens.get()
    );
    authentication.emplace(
        ClientAuthentication::Parts{
            clients,
            *authenticator,
            here.digester,
            here.kinds,
            ClientAssertions(client_keys, here.store->once()),
            here.clock
        }
    );
    endpoint.emplace(surroundings(), *authentication);
    inspection.emplace(
        TokenInspection::Parts{
            *authentication,
            *own_tokens,
            refresh_tokens(),
            here.digester,
            here.store->grants(),
            forget(),
            here.clock
        }
    );
  }

  std::function<void(std::vector<domain::GrantId> const&)> forget() {
    return [this](auto const& grants) { here.ring->forget_grants(grants); };
  }
  RefreshTokens refresh_tokens() {
    return RefreshTokens({std::chrono::days(90), here.digester, here.clock, here.random});
  }
  GrantSurroundings surroundings() {
    return {
        .retry_window = std::chrono::seconds(60),
        .scopes = here.scopes,
        .access_tokens = AccessTokens({std::chrono::hours(1), *keys, here.clock, here.random}),
        .refresh_tokens = refresh_tokens(),
        .authenticator = *authenticator,
        .digester = here.digester,
        .clients = here.store->clients(),
        .grants = here.store->grants(),
        .authorizations = here.store->authorizations(),
        .dpop = dpop ? &*dpop : nullptr,
        .forget = forget(),
        .assertions = assertions ? &*assertions : nullptr,
        .clock = here.clock,
        .random = here.random,
    };
  }

  void add(domain::Client client) {
    client.created_at = here.clock.now();
    here.store->clients().put_client(client, {}).value();
  }
  // Of an operator's, with a secret and a tenant.
  domain::Client secret_client() {
    domain::Client client{
        .id = domain::ClientId("kc_secret"),
        .auth = domain::ClientAuth::client_secret_basic,
        .grant_types =
            {domain::GrantType::client_credentials,
             domain::GrantType::token_exchange,
             domain::GrantType::authorization_code},
        .scopes = {"read"},
        .tenant = here.tenant,
    };
    client.pepper_version = here.digester.current_version();
    client.secret =
        digest_of(SecretPurpose::client_secret, "s3cret", here.digester, client.pepper_version);
    return client;
  }

  domain::Issuer issuer_of(domain::TenantId const& tenant) const {
    return issuers.of_tenant(tenant.text()).value();
  }

  // What a person has approved: the code.
  std::string approve(
      domain::ClientId const& client,
      std::vector<std::string> scopes = {"write"},
      std::string key_thumbprint = {}
  ) {
    return approve_at(issuers.root(), client, std::move(scopes), std::move(key_thumbprint));
  }
  std::string approve_at(
      domain::Issuer const& issuer,
      domain::ClientId const& client,
      std::vector<std::string> scopes = {"write"},
      std::string key_thumbprint = {}
  ) {
    Time now = here.clock.now();
    domain::Grant grant{
        .id = domain::GrantId::mint(here.random, now),
        .client = client,
        .user = user.id,
        .tenant = here.tenant,
        .scopes = std::move(scopes),
        .resources = {issuer.resources.front()},
        .created_at = now,
    };
    auto text = make_secret(here.random);
    int version = here.digester.current_version();
    auto challenge = crypto::sha256(kVerifier);
    domain::AuthorizationCode code{
        .digest = digest_of(SecretPurpose::code, text.reveal(), here.digester, version),
        .pepper_version = version,
        .grant = grant.id,
        .client = client,
        .redirect_uri = std::string(kRedirectUri),
        .code_challenge = codec::base64url_encode(
            {reinterpret_cast<char const*>(challenge.data()), challenge.size()}
        ),
        .expires_at = now + std::chrono::seconds(60),
        .key_thumbprint = std::move(key_thumbprint),
    };
    here.store->grants().add_code(code, grant, {}).value();
    return std::string(text.reveal());
  }

  static std::string form_of(Parameters const& parameters) {
    std::string form;
    for (auto const& [name, value] : parameters) {
      if (!form.empty()) form += '&';
      form.append(name).append("=").append(codec::percent_encode(value));
    }
    return form;
  }
  static TokenRequest request_of(Parameters const& parameters) {
    return TokenRequest::parse("application/x-www-form-urlencoded", form_of(parameters)).value();
  }
  static std::string basic(std::string_view id, std::string_view secret) {
    return "Basic " + codec::base64_encode(std::string(id) + ":" + std::string(secret));
  }

  TokenResult<TokenAnswer> ask(Parameters const& parameters, std::string_view authorization = {}) {
    return ask_at(issuers.root(), parameters, authorization);
  }
  TokenResult<TokenAnswer> ask_at(
      domain::Issuer const& issuer,
      Parameters const& parameters,
      std::string_view authorization = {}
  ) {
    auto request = request_of(parameters);
    return endpoint->answer({issuer, request, authorization, "192.0.2.1", "r"});
  }
  std::string error_of(Parameters const& parameters, std::string_view authorization = {}) {
    return error_at(issuers.root(), parameters, authorization);
  }
  std::string error_at(
      domain::Issuer const& issuer,
      Parameters const& parameters,
      std::string_view authorization = {}
  ) {
    auto answer = ask_at(issuer, parameters, authorization);
    return answer ? "none" : std::string(name_of(answer.error().error));
  }
  Parameters redemption(std::string const& code) const {
    return {
        {"grant_type", "authorization_code"},
        {"client_id", "kc_public"},
        {"code", code},
        {"redirect_uri", std::string(kRedirectUri)},
        {"code_verifier", std::string(kVerifier)}
    };
  }
  static Parameters refreshing(Secret const& token) {
    return {
        {"grant_type", "refresh_token"},
        {"client_id", "kc_public"},
        {"refresh_token", std::string(token.reveal())}
    };
  }
  static Parameters with_key(Secret const& key) {
    return {
        {"grant_type", "client_credentials"},
        {"client_id", "my-script"},
        {"client_secret", std::string(key.reveal())}
    };
  }
  static Parameters exchanging(std::string_view token, std::string client = "my-agent") {
    return {
        {"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
        {"client_id", std::move(client)},
        {"subject_token", std::string(token)},
        {"subject_token_type", "urn:ietf:params:oauth:token-type:access_token"}
    };
  }
  static Parameters with(Parameters parameters, std::string_view name, std::string value) {
    std::erase_if(parameters, [&](auto const& each) { return each.first == name; });
    parameters.emplace_back(name, std::move(value));
    return parameters;
  }

  // As a request is checked: from memory, and else from the store.
  Result<domain::Principal> use(Secret const& token) {
    authn::PresentedToken const shown{token.reveal()};
    auto known = authenticator->authenticate_from_memory(shown, "192.0.2.1");
    return known ? std::move(*known) : authenticator->authenticate(shown, "192.0.2.1");
  }
  std::vector<std::string> scopes_of(Secret const& token) {
    auto principal = use(token);
    return principal ? here.scopes.names(principal->scopes()) : std::vector<std::string>{"refused"};
  }
  static boost::json::object claims_of(Secret const& token) {
    auto text = token.reveal();
    auto first = text.find('.'), second = text.find('.', first + 1);
    auto payload = codec::base64url_decode(text.substr(first + 1, second - first - 1)).value();
    return codec::parse_json(payload).value().as_object();
  }

  // A member as text, as it stands in the JSON if it is none.
  static std::string said(boost::json::object const& members, std::string_view name) {
    auto const* value = members.if_contains(name);
    if (!value) return "nothing";
    return value->is_string() ? std::string(value->get_string()) : codec::to_text(*value);
  }

  domain::Issuers issuers{
      {std::string(kServer), {std::string(kResource), std::string(kOtherResource)}},
      domain::Issuers::OfTenants::each
  };
  authn::TestInstallation here;
  domain::User user;
  domain::Client public_client{
      .id = domain::ClientId("kc_public"),
      .origin = domain::ClientOrigin::registered,
      .redirect_uris = {std::string(kRedirectUri)},
      .grant_types = {domain::GrantType::authorization_code, domain::GrantType::refresh_token},
  };
  std::optional<authn::Dpop> dpop;  // none: start() makes no use of it
  NoNetwork network;
  ClientDocuments documents{{}, network};
  Clients clients{here.store->clients(), documents};
  ClientKeys client_keys{{}, network};
  std::optional<authn::TokenKeys> keys;
  std::unique_ptr<authn::OwnTokens> own_tokens;
  std::optional<authn::Authenticator> authenticator;
  std::optional<ClientAuthentication> authentication;
  std::optional<IdentityAssertions> assertions;  // none: they are not taken
  std::optional<TokenEndpoint> endpoint;
  std::optional<TokenInspection> inspection;
};

}  // namespace keystead::oauth
