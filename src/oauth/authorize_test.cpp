#include "oauth/authorize.hpp"

#include <gmock/gmock.h>

namespace keystead::oauth {
namespace {

using testing::ElementsAre;

constexpr std::string_view kGood =
    "client_id=kc_1&redirect_uri=https%3A%2F%2Fa.example%2Fcb&response_type=code&state=s"
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

class Authorize : public testing::Test {
 protected:
  std::expected<AuthorizationAsked, AuthorizeRefusal> check(std::string_view query) {
    return check_authorization(
        query, issuer_, rules_, [&](auto const& id) -> Result<domain::Client> {
          if (id == client_.id) return client_;
          return fail(Code::not_found, "There is no such client.");
        }
    );
  }

  // What a person is shown, or what is sent where.
  std::string refusal(std::string_view query) {
    auto checked = check(query);
    if (checked) return "passed";
    auto const& refused = checked.error();
    auto where = refused.redirect_uri ? refused.redirect_uri->text() : "page";
    return std::string(refused.error) + " " + where + " " + refused.state;
  }

  static std::string without(std::string_view name) { return with(name, ""); }
  // The good query with another value for one parameter; without it for an empty value.
  static std::string with(std::string_view name, std::string_view value) {
    std::string query;
    for (std::string_view rest = kGood; !rest.empty();) {
      auto pair = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      if (pair.substr(0, pair.find('=')) != name) query.append(pair).append("&");
    }
    return value.empty() ? query : query.append(name).append("=").append(value);
  }

  domain::ScopeCatalog scopes_ =
      domain::ScopeCatalog::make({{"read", "Read", {}}, {"write", "Write", {"read"}}}).value();
  domain::Issuer issuer_{
      "https://ops.example", {"https://ops.example/mcp", "https://ops.example/v2"}
  };
  AuthorizeRules rules_{{scopes_, {"read"}, {}}, {}};
  domain::Client client_{
      .id = domain::ClientId("kc_1"),
      .redirect_uris = {"https://a.example/cb", "http://localhost/cb"},
      .grant_types = {domain::GrantType::authorization_code},
  };
};

TEST_F(Authorize, AGoodRequestIsWhatItSays) {
  auto asked = check(with("scope", "write+read")).value();
  EXPECT_EQ(asked.client.text(), "kc_1");
  EXPECT_EQ(asked.redirect_uri, "https://a.example/cb");
  EXPECT_EQ(asked.state, "s");
  EXPECT_THAT(asked.scopes, ElementsAre("read", "write"));
  EXPECT_THAT(asked.resources, ElementsAre("https://ops.example/mcp"));
  EXPECT_EQ(AuthorizationAsked::from_text(asked.to_text()).to_text(), asked.to_text());
}

// Attacks 40, 44: as long as client and address do not belong together, nobody is sent anywhere.
TEST_F(Authorize, Attack44NobodyIsSentToAnAddressThatIsNotTheClients) {
  EXPECT_EQ(refusal(without("client_id")), "invalid_request page ");
  EXPECT_EQ(refusal(with("client_id", "kc_2")), "invalid_client page ");
  EXPECT_EQ(refusal(with("client_id", std::string(600, 'a'))), "invalid_request page ");
  EXPECT_EQ(refusal(without("redirect_uri")), "invalid_request page ");
  for (auto uri : {
           "https://evil.example/cb",
           "https://a.example/cb/",
           "https://a.example/CB",
           "https://a.example/cb%3Fx",
           "https://a.example@evil.example/cb",
           "https://a.example/cb%23x",
           "https://a.example:444/cb",
           "http://127.0.0.1/cb",
           "http://localhost/cb2",
           "javascript:alert(1)",
           "%00",
       }) {
    EXPECT_EQ(refusal(with("redirect_uri", uri)), "invalid_request page ") << uri;
  }
  EXPECT_EQ(
      refusal(std::string(kGood) + "&redirect_uri=https://a.example/cb"), "invalid_request page "
  );
  EXPECT_EQ(refusal(std::string(kGood) + "&client_id=kc_1"), "invalid_request page ");
  EXPECT_EQ(refusal("%zz"), "invalid_request page ");
  client_.grant_types = {domain::GrantType::client_credentials};
  EXPECT_EQ(refusal(kGood), "unauthorized_client page ");
}

// RFC 6749 §4.1.2.1: only what concerns the address itself is kept from the client.
TEST_F(Authorize, TheClientIsToldOfAParameterThatComesTwice) {
  for (auto more :
       {"&scope=a&scope=b", "&code_challenge=x", "&response_type=code", "&colour=a&colour=b"}) {
    EXPECT_EQ(refusal(std::string(kGood) + more), "invalid_request https://a.example/cb s") << more;
  }
  EXPECT_EQ(refusal(std::string(kGood) + "&state=t"), "invalid_request https://a.example/cb ");
}

TEST_F(Authorize, AProgramOnTheUsersMachineMayComeFromAnyPort) {
  auto asked = check(with("redirect_uri", "http://localhost:53117/cb")).value();
  EXPECT_EQ(asked.redirect_uri, "http://localhost:53117/cb");
}

// Attack 49.
TEST_F(Authorize, Attack49EveryClientProvesThatItAsked) {
  auto sent = "invalid_request https://a.example/cb s";
  EXPECT_EQ(refusal(without("code_challenge")), sent);
  EXPECT_EQ(refusal(without("code_challenge_method")), sent);
  EXPECT_EQ(refusal(with("code_challenge_method", "plain")), sent);
  EXPECT_EQ(refusal(with("code_challenge_method", "s256")), sent);
  EXPECT_EQ(refusal(with("code_challenge", "short")), sent);
  EXPECT_EQ(refusal(with("code_challenge", std::string(43, '+'))), sent);
}

// Attacks 68 and 71.
TEST_F(Authorize, Attack68And71NothingIsReadOrAnsweredInAnotherWay) {
  auto to = [](std::string error) { return error + " https://a.example/cb s"; };
  EXPECT_EQ(refusal(with("request", "e30.e30.")), to("request_not_supported"));
  EXPECT_EQ(refusal(with("request_uri", "http://10.0.0.1/")), to("request_uri_not_supported"));
  EXPECT_EQ(refusal(without("response_type")), to("invalid_request"));
  for (auto type : {"token", "id_token", "code+token", "code+id_token", "none", "Code"}) {
    EXPECT_EQ(refusal(with("response_type", type)), to("unsupported_response_type")) << type;
  }
  for (auto mode : {"fragment", "form_post", "form_post.jwt", "web_message", "jwt"}) {
    EXPECT_EQ(refusal(with("response_mode", mode)), to("invalid_request")) << mode;
  }
  EXPECT_EQ(refusal(with("response_mode", "query")), "passed");
}

TEST_F(Authorize, AResourceIsOneOfOurs) {
  auto resources = [&](std::string_view value) {
    return check(with("resource", value)).value().resources;
  };
  EXPECT_THAT(resources("https://ops.example/v2"), ElementsAre("https://ops.example/v2"));
  EXPECT_THAT(resources("HTTPS://OPS.example/mcp/"), ElementsAre("https://ops.example/mcp"));
  EXPECT_THAT(
      resources("https://ops.example/v2&resource=https://ops.example/mcp"),
      ElementsAre("https://ops.example/v2", "https://ops.example/mcp")
  );
  for (auto other :
       {"https://ops.example/MCP", "https://evil.example/mcp", "https://ops.example"}) {
    EXPECT_EQ(refusal(with("resource", other)), "invalid_target https://a.example/cb s") << other;
  }
}

TEST_F(Authorize, ScopesOfOtherServersAreLeftOut) {
  auto scopes = [&](std::string_view value) { return check(with("scope", value)).value().scopes; };
  EXPECT_THAT(scopes("openid+write+offline_access"), ElementsAre("write"));
  EXPECT_THAT(scopes("openid+email+profile"), ElementsAre("read"));
  EXPECT_THAT(scopes(""), ElementsAre("read"));
  EXPECT_THAT(scopes("read+read+read"), ElementsAre("read"));
  client_.scopes = {"read"};
  EXPECT_THAT(scopes("read+write"), ElementsAre("read"));
}

// Attack 50.
TEST_F(Authorize, Attack50EveryAnswerSaysWhoAnswers) {
  auto uri = RedirectUri::parse("https://a.example/cb").value();
  EXPECT_EQ(
      with_code(uri, "c", "s", "https://ops.example"),
      "https://a.example/cb?code=c&state=s&iss=https%3A%2F%2Fops.example"
  );
  EXPECT_EQ(
      with_error(uri, "access_denied", "no", "", "https://ops.example"),
      "https://a.example/cb?error=access_denied&error_description=no&iss=https%3A%2F%2Fops.example"
  );
}

TEST_F(Authorize, ACodeIsBoundToTheKeyThatIsNamedWhereKeysCount) {
  constexpr std::string_view kKey = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
  EXPECT_EQ(check(with("dpop_jkt", kKey))->key_thumbprint, "") << "it is off";
  EXPECT_EQ(refusal(with("dpop_jkt", "short")), "passed");
  rules_.heeds_keys = true;
  auto asked = check(with("dpop_jkt", kKey)).value();
  EXPECT_EQ(asked.key_thumbprint, kKey);
  EXPECT_EQ(AuthorizationAsked::from_text(asked.to_text()).key_thumbprint, kKey);
  EXPECT_EQ(check(kGood)->key_thumbprint, "");
  for (auto const* text : {"short", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9X*"}) {
    EXPECT_EQ(refusal(with("dpop_jkt", text)), "invalid_request https://a.example/cb s") << text;
  }
}

// What waits for its person while the server is brought up to date.
TEST_F(Authorize, ARequestOfTheVersionBeforeIsReadBack) {
  auto asked = AuthorizationAsked::from_text(
      R"({"client_id":"kc_1","redirect_uri":"https://a.example/cb","state":"s","code_challenge":"c",)"
      R"("scopes":["read"],"resources":[],"asks_again":false})"
  );
  EXPECT_EQ(asked.client.text(), "kc_1");
  EXPECT_EQ(asked.key_thumbprint, "");
}

}  // namespace
}  // namespace keystead::oauth
