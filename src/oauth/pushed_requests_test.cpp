#include "oauth/pushed_requests.hpp"

#include <gmock/gmock.h>

#include "oauth/consents.hpp"
#include "oauth/test_token_server.hpp"

namespace keystead::oauth {
namespace {

using namespace std::chrono_literals;
using testing::StartsWith;

constexpr std::string_view kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

class PushedRequestsTest : public TokenServer {
 protected:
  static AuthorizeRules rules_with(domain::ScopeCatalog const& scopes, Pushing pushing) {
    auto full = scopes.resolve(std::vector<std::string>{"write"}).value();
    return {{scopes, {"read"}, {full, full, full, full}}, {}, true, pushing};
  }
  Consents consents_with(Pushing pushing) {
    return Consents({
        .issuers = issuers,
        .rules = rules_with(here.scopes, pushing),
        .pushed = pushing == Pushing::none ? nullptr : &pushed_,
        .clients = clients,
        .requests = here.store->authorizations(),
        .grants = here.store->grants(),
        .digester = here.digester,
        .clock = here.clock,
        .random = here.random,
    });
  }

  static Parameters request() {
    return {
        {"client_id", "kc_public"},
        {"redirect_uri", std::string(kRedirectUri)},
        {"response_type", "code"},
        {"state", "s"},
        {"code_challenge", std::string(kChallenge)},
        {"code_challenge_method", "S256"},
    };
  }
  TokenResult<Secret> push_as(Parameters const& parameters, std::string_view authorization = {}) {
    auto asked = request_of(parameters);
    TokenCall const call{issuers.root(), asked, authorization, "192.0.2.1", "r"};
    auto client = TRY(authentication->prove(call));
    return pushed_.push(call, client);
  }
  std::string push() { return std::string(push_as(request()).value().reveal()); }
  std::string error_of_push(Parameters const& parameters) {
    auto made = push_as(parameters);
    return made ? "none" : std::string(name_of(made.error().error));
  }
  // What a browser brings.
  static std::string query(std::string const& uri, std::string_view client = "kc_public") {
    return form_of({{"client_id", std::string(client)}, {"request_uri", uri}});
  }
  std::string begin(std::string const& query, Pushing pushing = Pushing::optional) {
    auto name = consents_with(pushing).begin(issuers.root(), query, {});
    if (name) return *name;
    bool is_sent = name.error().redirect_uri.has_value();
    return std::string(name.error().error) + (is_sent ? " sent" : " shown");
  }

  PushedRequests pushed_{{
      .rules = rules_with(here.scopes, Pushing::optional),
      .requests = here.store->authorizations(),
      .digester = here.digester,
      .clock = here.clock,
      .random = here.random,
  }};
  Consents consents_ = consents_with(Pushing::optional);
};

TEST_F(PushedRequestsTest, WhatIsPushedIsWhatIsAskedAbout) {
  auto uri = push();
  EXPECT_THAT(uri, StartsWith("urn:ietf:params:oauth:request_uri:"));
  EXPECT_EQ(uri.size(), 34 + 43);
  auto waiting = consents_.find(begin(query(uri)), {}).value();
  EXPECT_EQ(waiting.asked.client.text(), "kc_public");
  EXPECT_EQ(waiting.asked.state, "s");
  EXPECT_EQ(waiting.asked.code_challenge, kChallenge);
}

// Attack 53: the browser that brings the reference has no say in anything else.
TEST_F(PushedRequestsTest, Attack53WhatComesBesideTheReferenceIsNotRead) {
  auto uri = push();
  auto swapped = query(uri) + "&redirect_uri=https://evil.example&state=evil&code_challenge=x";
  auto waiting = consents_.find(begin(swapped), {}).value();
  EXPECT_EQ(waiting.asked.redirect_uri, kRedirectUri);
  EXPECT_EQ(waiting.asked.state, "s");
}

TEST_F(PushedRequestsTest, WhoeverComesAgainComesToTheSamePage) {
  auto uri = push();
  auto name = begin(query(uri));
  EXPECT_EQ(begin(query(uri)), name);
  here.clock.advance(29min);
  EXPECT_EQ(begin(query(uri)), name) << "as long as the person may still decide";
  here.clock.advance(1min);
  EXPECT_EQ(begin(query(uri)), "invalid_request_uri shown");
}

TEST_F(PushedRequestsTest, ItIsDecidedOnce) {
  auto uri = push();
  auto name = begin(query(uri));
  Consents::Approval const approval{user.id, {here.tenant, domain::Role::member}, "192.0.2.1"};
  ASSERT_TRUE(consents_.approve(name, approval, {}));
  EXPECT_EQ(begin(query(uri)), "invalid_request_uri shown");
  EXPECT_FALSE(consents_.find(name, {}));
}

TEST_F(PushedRequestsTest, NobodyHasBegunItWithinAMinuteAndItIsOver) {
  auto uri = push();
  here.clock.advance(59s);
  auto late = push();
  here.clock.advance(1s);
  EXPECT_EQ(begin(query(uri)), "invalid_request_uri shown");
  EXPECT_NE(begin(query(late)), "invalid_request_uri shown");
}

TEST_F(PushedRequestsTest, AnotherClientNeitherUsesItNorUsesItUp) {
  auto uri = push();
  EXPECT_EQ(begin(query(uri, "kc_secret")), "invalid_request_uri shown");
  EXPECT_EQ(begin(form_of({{"request_uri", uri}})), "invalid_request_uri shown");
  auto name = begin(query(uri));
  EXPECT_EQ(begin(query(uri, "kc_secret")), "invalid_request_uri shown");
  EXPECT_TRUE(consents_.find(name, {}));
}

TEST_F(PushedRequestsTest, WhatWasPushedToOneIssuerIsNothingAtAnother) {
  auto uri = push();
  domain::Issuer const other{"https://ops.example/t/1", {"https://ops.example/t/1/mcp"}};
  EXPECT_FALSE(consents_.begin(other, query(uri), {}));
  EXPECT_TRUE(consents_.begin(issuers.root(), query(uri), {}));
}

// Attack 68: no address is fetched, whoever names it.
TEST_F(PushedRequestsTest, Attack68OnlyWhatWasPushedHereIsARequestUri) {
  auto good = form_of(request());
  EXPECT_EQ(begin(good + "&request_uri=https://a.example/r"), "request_uri_not_supported sent");
  EXPECT_EQ(
      begin(good + "&request_uri=" + push(), Pushing::none), "request_uri_not_supported sent"
  );
  EXPECT_EQ(begin(query("urn:ietf:params:oauth:request_uri:guess")), "invalid_request_uri shown");
  EXPECT_EQ(begin(query("urn:ietf:params:oauth:request_uri:")), "invalid_request_uri shown");
  EXPECT_EQ(begin(good + "&request=eyJ"), "request_not_supported sent");
}

TEST_F(PushedRequestsTest, EveryCheckIsMadeWhenItIsPushed) {
  auto without = [](std::string_view name) { return with(request(), name, ""); };
  EXPECT_EQ(error_of_push(without("redirect_uri")), "invalid_request");
  EXPECT_EQ(error_of_push(without("code_challenge")), "invalid_request");
  EXPECT_EQ(error_of_push(with(request(), "code_challenge_method", "plain")), "invalid_request");
  EXPECT_EQ(error_of_push(without("response_type")), "invalid_request");
  EXPECT_EQ(error_of_push(with(request(), "response_type", "token")), "unsupported_response_type");
  EXPECT_EQ(
      error_of_push(with(request(), "redirect_uri", "https://evil.example")), "invalid_request"
  );
  EXPECT_EQ(error_of_push(with(request(), "resource", "https://evil.example")), "invalid_target");
  EXPECT_EQ(error_of_push(with(request(), "prompt", "none")), "interaction_required");
  EXPECT_EQ(error_of_push(with(request(), "request", "eyJ")), "request_not_supported");
  EXPECT_EQ(error_of_push(with(request(), "request_uri", push())), "invalid_request");
  EXPECT_EQ(error_of_push(request()), "none");
}

TEST_F(PushedRequestsTest, TheClientProvesItselfAsAtTheTokenEndpoint) {
  auto of_secret = with(request(), "client_id", "kc_secret");
  EXPECT_EQ(error_of_push(of_secret), "invalid_client");
  EXPECT_EQ(error_of_push(with(request(), "client_id", "kc_nobody")), "invalid_client");
  auto client = secret_client();
  client.redirect_uris = {std::string(kRedirectUri)};
  add(client);
  EXPECT_TRUE(push_as(of_secret, basic("kc_secret", "s3cret")));
  EXPECT_EQ(
      push_as(request(), basic("kc_secret", "s3cret")).error().error, TokenError::invalid_request
  ) << "attack 60";
  std::string key(here.create().key.reveal());
  auto script = with(with(request(), "client_id", "my-script"), "client_secret", key);
  EXPECT_EQ(error_of_push(script), "unauthorized_client");
}

TEST_F(PushedRequestsTest, WhereItIsRequiredNothingElseIsTaken) {
  auto good = form_of(request());
  EXPECT_EQ(begin(good, Pushing::required), "invalid_request sent");
  EXPECT_TRUE(consents_.find(begin(query(push()), Pushing::required), {}));
  EXPECT_TRUE(consents_.find(begin(good), {}));
}

TEST_F(PushedRequestsTest, AClientMayInsistOnItForItself) {
  auto client = public_client;
  client.metadata = R"({"require_pushed_authorization_requests":true})";
  add(client);
  EXPECT_EQ(begin(form_of(request())), "invalid_request sent");
  EXPECT_TRUE(consents_.find(begin(query(push())), {}));
  EXPECT_TRUE(consents_.find(begin(form_of(request()), Pushing::none), {}))
      << "where there is no way to push, nobody is shut out by it";
}

}  // namespace
}  // namespace keystead::oauth
