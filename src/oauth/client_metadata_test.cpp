#include "oauth/client_metadata.hpp"

#include <gmock/gmock.h>

#include "codec/json.hpp"

namespace keystead::oauth {
namespace {

using domain::ClientAuth;
using domain::GrantType;
using testing::ElementsAre;

ClientRules const kRules{
    {ClientAuth::client_secret_basic, ClientAuth::none, ClientAuth::private_key_jwt},
    {GrantType::authorization_code, GrantType::refresh_token},
    {"cursor"},
};

std::expected<domain::Client, MetadataFault> read(std::string_view text) {
  return read_client_metadata(codec::parse_json(text).value().as_object(), kRules);
}

// Members beside a good redirect URI.
std::string fault_of(std::string_view members) {
  auto client = read("{\"redirect_uris\":[\"https://a.example/cb\"]," + std::string(members) + "}");
  return client ? "taken" : client.error().text;
}

// What Claude Code publishes about itself.
TEST(ClientMetadata, ADocumentOfAnUnmodifiedClientIsRead) {
  auto client = read(R"({
    "client_id": "https://claude.ai/oauth/claude-code-client-metadata",
    "client_name": "Claude Code",
    "client_uri": "https://claude.ai",
    "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "none",
    "logo_uri": null,
    "software_id": {"unknown": [1, 2]}
  })")
                    .value();
  EXPECT_EQ(client.name, "Claude Code");
  EXPECT_EQ(client.auth, ClientAuth::none);
  EXPECT_THAT(
      client.redirect_uris, ElementsAre("http://localhost/callback", "http://127.0.0.1/callback")
  );
  EXPECT_THAT(
      client.grant_types, ElementsAre(GrantType::authorization_code, GrantType::refresh_token)
  );
}

// What Cursor registers; the operator has opened its scheme.
TEST(ClientMetadata, AnApplicationMayReturnToItsOwnScheme) {
  auto client = read(R"({"client_name":"Cursor","redirect_uris":[
      "cursor://anysphere.cursor-mcp/oauth/callback","http://localhost:8787/callback"]})");
  EXPECT_TRUE(client);
}

TEST(ClientMetadata, ABadRedirectUriOfSeveralIsNamed) {
  for (auto const& [uris, text] : std::vector<std::pair<std::string, std::string>>{
           {R"(["https://a.example/cb","other://x"])",
            "redirect_uris[1]: The redirect URI has a scheme that is not allowed."},
           {R"(["http://a.example/cb"])",
            "redirect_uris[0]: A redirect URI over http must be on loopback."},
           {R"([])", "redirect_uris: at least one is needed"},
           {R"("https://a.example/cb")", "redirect_uris: expected a list of texts"},
           {R"(["https://a.example/cb",null])", "redirect_uris: expected a list of texts"},
           {"null", "redirect_uris: at least one is needed"},
       }) {
    auto client = read("{\"redirect_uris\":" + uris + "}");
    ASSERT_FALSE(client) << uris;
    EXPECT_TRUE(client.error().is_redirect_uri);
    EXPECT_EQ(client.error().text, text);
  }
}

// Attack 63: what a client takes for itself is cut down to what strangers may have.
TEST(ClientMetadata, Attack63NobodyWidensItsOwnRights) {
  auto client = read(R"({"redirect_uris":["https://a.example/cb"],"scope":"admin everything",
      "grant_types":["authorization_code","client_credentials","implicit","password",
      "urn:ietf:params:oauth:grant-type:token-exchange"]})")
                    .value();
  EXPECT_THAT(client.grant_types, ElementsAre(GrantType::authorization_code));
  EXPECT_THAT(client.scopes, ElementsAre());
  EXPECT_FALSE(client.tenant);
  EXPECT_EQ(client.auth, ClientAuth::client_secret_basic);  // RFC 7591 §2
  EXPECT_EQ(
      fault_of(R"("grant_types":["client_credentials"])"), "grant_types: none that is offered here"
  );
  for (auto method : {"client_secret_jwt", "tls_client_auth", "private_key", ""}) {
    auto text = R"("token_endpoint_auth_method":")" + std::string(method) + "\"";
    EXPECT_EQ(fault_of(text) == "taken", *method == '\0') << method;
  }
  EXPECT_EQ(fault_of(R"("response_types":["token"])"), "response_types: only code is offered here");
}

// Attack 42.
TEST(ClientMetadata, Attack42LinksLeadToTheWebOnly) {
  for (auto const* member : {"client_uri", "logo_uri", "tos_uri", "policy_uri"}) {
    auto with = [&](std::string const& value) {
      return fault_of("\"" + std::string(member) + "\":\"" + value + "\"");
    };
    EXPECT_EQ(with("https://a.example/x"), "taken");
    for (auto bad : {"javascript:alert(1)", "data:text/html,x", "http://a.example/", "x"}) {
      EXPECT_EQ(with(bad), std::string(member) + ": expected an https URL") << bad;
    }
  }
}

// Attack 67: a name is shown to whoever decides.
TEST(ClientMetadata, Attack67ANameIsPlainText) {
  EXPECT_EQ(fault_of(R"("client_name":"Größe 工具 \"x\" <b>")"), "taken");
  for (auto name :
       {R"(a\nb)",
        R"(a\u007fb)",
        R"(a\u0085b)",
        R"(\u009f)",
        R"(a\u061cb)",
        R"(a\u200fb)",
        R"(a\u2028b)",
        R"(\u2029)",
        R"(a\u202ab)",
        R"(a\u202eb)",
        R"(a\u2066b)",
        R"(\u2069)"}) {
    EXPECT_EQ(
        fault_of("\"client_name\":\"" + std::string(name) + "\""),
        "client_name: too long, or no plain text"
    ) << name;
  }
  EXPECT_NE(fault_of("\"client_name\":\"" + std::string(101, 'a') + "\""), "taken");
  EXPECT_EQ(fault_of(R"("client_name":7)"), "client_name: expected a text");
}

// Attack 67: the page would show an empty place instead of where the answer goes.
TEST(ClientMetadata, Attack67ANameThatShowsNothingIsNone) {
  auto name_of = [](std::string_view name) {
    return read(
               R"({"redirect_uris":["https://a.example/cb"],"client_name":")" + std::string(name) +
               "\"}"
    )
        .value()
        .name;
  };
  for (auto const* name :
       {"",
        " ",
        "   ",
        R"(\u00a0)",
        R"(\u200b)",
        R"( \u200c\u200d )",
        R"(\u3000\ufeff)",
        R"(\u3164)"}) {
    EXPECT_EQ(name_of(name), "") << name;
  }
  EXPECT_EQ(name_of(R"(x\u00a0y)"), "x\u00a0y");
  EXPECT_EQ(name_of(R"(\ud83d\udc69\u200d\ud83d\udcbb)"), "\U0001F469\u200d\U0001F4BB");
}

TEST(ClientMetadata, AClientMayWantBoundTokensWhereThereAreAny) {
  auto is_key_bound = [](std::string_view members, bool heeds_keys = true) {
    auto rules = kRules;
    rules.heeds_keys = heeds_keys;
    auto text = "{\"redirect_uris\":[\"https://a.example/cb\"]" + std::string(members) + "}";
    auto client = read_client_metadata(codec::parse_json(text).value().as_object(), rules);
    return client ? std::string(client->is_key_bound ? "bound" : "any") : client.error().text;
  };
  EXPECT_EQ(is_key_bound(""), "any");
  EXPECT_EQ(is_key_bound(R"(,"dpop_bound_access_tokens":true)"), "bound");
  EXPECT_EQ(is_key_bound(R"(,"dpop_bound_access_tokens":false)"), "any");
  EXPECT_EQ(
      is_key_bound(R"(,"dpop_bound_access_tokens":"true")"),
      "dpop_bound_access_tokens: expected true or false"
  );
  EXPECT_EQ(is_key_bound(R"(,"dpop_bound_access_tokens":true)", false), "any");
}

TEST(ClientMetadata, KeysStandInTheDocument) {
  auto with = [](std::string_view rest) {
    return fault_of(R"("token_endpoint_auth_method":"private_key_jwt")" + std::string(rest));
  };
  EXPECT_EQ(with(""), "jwks: needed for private_key_jwt");
  EXPECT_EQ(with(R"(,"jwks_uri":"https://a.example/keys")"), "jwks: needed for private_key_jwt");
  EXPECT_EQ(
      with(R"(,"jwks":{"keys":[]},"jwks_uri":"https://a.example/keys")"),
      "jwks_uri: not beside jwks"
  );
  EXPECT_EQ(with(R"(,"jwks":{"keys":[]})"), "jwks: no key that can be used");
  EXPECT_EQ(
      with(R"(,"jwks":{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]})"),
      "jwks: no key that can be used"
  );
  EXPECT_EQ(
      with(R"(,"jwks":{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1",
              "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})"),
      "taken"
  );
}

// RFC 9126 §6.
TEST(ClientMetadata, ThatRequestsArePushedIsReadWhereTheyMayBe) {
  auto rules = kRules;
  auto requires_pushed = [&](std::string_view said) {
    auto text = R"({"redirect_uris":["https://a.example/cb"],)"
                R"("require_pushed_authorization_requests":)" +
                std::string(said) + "}";
    auto client = read_client_metadata(codec::parse_json(text).value().as_object(), rules);
    if (!client) return client.error().text;
    return std::string(requires_pushed_requests(*client) ? "required" : "not required");
  };
  EXPECT_EQ(requires_pushed("true"), "not required");
  EXPECT_EQ(requires_pushed("7"), "not required");
  rules.takes_pushed = true;
  EXPECT_EQ(requires_pushed("true"), "required");
  EXPECT_EQ(requires_pushed("false"), "not required");
  EXPECT_EQ(requires_pushed("null"), "not required");
  EXPECT_EQ(requires_pushed("7"), "require_pushed_authorization_requests: expected true or false");
}

TEST(ClientMetadata, KeysAreAtAnAddressWhereThatIsTaken) {
  auto rules = kRules;
  rules.takes_jwks_uri = true;
  auto keys_of = [&](std::string_view rest) {
    auto text = R"({"redirect_uris":["https://a.example/cb"],)"
                R"("token_endpoint_auth_method":"private_key_jwt")" +
                std::string(rest) + "}";
    auto client = read_client_metadata(codec::parse_json(text).value().as_object(), rules);
    return client ? client->jwks : client.error().text;
  };
  EXPECT_EQ(keys_of(R"(,"jwks_uri":"https://a.example/keys")"), "https://a.example/keys");
  EXPECT_EQ(keys_of(""), "jwks: needed for private_key_jwt");
  EXPECT_EQ(
      keys_of(R"(,"jwks_uri":"https://a.example/keys","jwks":{"keys":[]})"),
      "jwks_uri: not beside jwks"
  );
  for (auto const* uri : {"http://a.example/keys", "file:///etc/passwd", "keys", "{"}) {
    auto member = std::string(R"(,"jwks_uri":")") + uri + "\"";
    EXPECT_EQ(keys_of(member), "jwks_uri: expected an https URL") << "attack 66: " << uri;
  }
}

}  // namespace
}  // namespace keystead::oauth
