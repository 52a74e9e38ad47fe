#include "oauth/consents.hpp"

#include <atomic>
#include <list>
#include <thread>

#include <gmock/gmock.h>

#include "authn/test_installation.hpp"
#include "oauth/issued_secret.hpp"
#include "store/user_store.hpp"

namespace keystead::oauth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// Answers everything with what `client` says of itself.
class OneClient final : public http::Fetcher {
 public:
  Result<http::FetchAnswer> fetch(http::FetchRequest const& request) override {
    return http::FetchAnswer{
        .status = 200,
        .headers = {{"Content-Type", "application/json"}},
        .body = "{\"client_id\":\"" + request.url.text() + "\",\"client_name\":\"" + name +
                "\",\"redirect_uris\":[\"https://a.example/cb\",\"http://localhost/cb\"]}"
    };
  }
  std::string name = "A";
};

class ConsentsTest : public testing::Test {
 protected:
  ConsentsTest() {
    user_.id = domain::UserId::mint(here_.random);
    user_.created_at = here_.clock.now();
    domain::Membership membership{user_.id, here_.tenant, domain::Role::member};
    here_.store->users().create_user(user_, membership, {}).value();
    client_.created_at = here_.clock.now();
    here_.store->clients().put_client(client_, {}).value();
  }

  std::string query(
      std::string_view client, std::string_view scope = "", std::string_view more = ""
  ) {
    return "client_id=" + std::string(client) +
           "&redirect_uri=https://a.example/cb&response_type=code&state=s&code_challenge="
           "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&scope=" +
           std::string(scope) + std::string(more);
  }
  std::string begin(std::string const& query) {
    return consents_.begin(issuers_.root(), query, {}).value();
  }
  Result<std::string> approve(std::string_view name, domain::Role role = domain::Role::member) {
    return consents_.approve(name, {user_.id, {here_.tenant, role}, "192.0.2.1"}, {});
  }
  domain::AuthorizationCode code_in(std::string const& location) {
    auto begin = location.find("code=") + 5;
    auto text = location.substr(begin, location.find('&') - begin);
    auto digest = digest_of(SecretPurpose::code, text, here_.digester, 2);
    return here_.store->grants().find_code(digest, here_.clock.now()).value();
  }
  // As when its code is redeemed.
  void use(std::string const& location) {
    auto code = code_in(location);
    store::GrantUse used{code.grant, here_.clock.now(), "192.0.2.2"};
    here_.store->grants().note_grant_uses({&used, 1});
  }
  bool is_remembered(std::string const& query, domain::Role role = domain::Role::member) {
    auto waiting = consents_.find(begin(query), {}).value();
    return consents_.is_remembered(waiting, user_.id, {here_.tenant, role});
  }

  domain::ScopeSet role_scopes(std::vector<std::string> const& names) {
    return here_.scopes.resolve(names).value();
  }

  static constexpr std::string_view kDocument = "https://a.example/client.json";

  domain::Issuers issuers_{{"https://ops.example", {"https://ops.example/mcp"}}};
  authn::TestInstallation here_;
  OneClient fetcher_;
  domain::User user_;
  domain::Client client_{
      .id = domain::ClientId("kc_1"),
      .origin = domain::ClientOrigin::registered,
      .redirect_uris = {"https://a.example/cb"},
      .grant_types = {domain::GrantType::authorization_code},
  };
  ClientDocuments documents_{
      {{{domain::ClientAuth::none}, {domain::GrantType::authorization_code}, {}}, {}}, fetcher_
  };
  Clients clients_{here_.store->clients(), documents_};
  Consents consents_{{
      .issuers = issuers_,
      .rules =
          {{here_.scopes,
            {"read"},
            {role_scopes({"read"}),
             role_scopes({"write"}),
             role_scopes({"write", "admin"}),
             role_scopes({"write", "admin"})}},
           {}},
      .pushed = nullptr,
      .clients = clients_,
      .requests = here_.store->authorizations(),
      .grants = here_.store->grants(),
      .digester = here_.digester,
      .clock = here_.clock,
      .random = here_.random,
  }};
};

TEST_F(ConsentsTest, AnApprovalIsACodeThatStandsForAGrant) {
  auto location = approve(begin(query("kc_1", "write"))).value();
  EXPECT_THAT(location, StartsWith("https://a.example/cb?code="));
  EXPECT_THAT(location, HasSubstr("&state=s&iss=https%3A%2F%2Fops.example"));
  auto code = code_in(location);
  EXPECT_EQ(code.client, client_.id);
  EXPECT_EQ(code.redirect_uri, "https://a.example/cb");
  EXPECT_EQ(code.expires_at, here_.clock.now() + std::chrono::seconds(60));
  auto grant = here_.store->grants().find_grant(code.grant).value();
  EXPECT_EQ(grant.user, user_.id);
  EXPECT_EQ(grant.tenant, here_.tenant);
  EXPECT_THAT(grant.scopes, ElementsAre("write"));
  EXPECT_THAT(grant.resources, ElementsAre("https://ops.example/mcp"));
  auto entry = here_.last_entry();
  EXPECT_EQ(entry.event, "grant.approve");
  EXPECT_THAT(entry.detail, testing::Not(HasSubstr(location.substr(26, 43))));
}

TEST_F(ConsentsTest, NobodyAllowsMoreThanItsRoleHas) {
  auto code = code_in(approve(begin(query("kc_1", "write+admin"))).value());
  EXPECT_THAT(here_.store->grants().find_grant(code.grant)->scopes, ElementsAre("write"));
  auto name = begin(query("kc_1", "admin"));
  EXPECT_EQ(approve(name).error().code, Code::forbidden);
  EXPECT_TRUE(approve(name, domain::Role::admin)) << "the refusal decided nothing";
}

TEST_F(ConsentsTest, ARequestIsDecidedOnce) {
  auto name = begin(query("kc_1"));
  std::atomic<int> decided = 0;
  {
    std::list<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, i] {
        if (i % 2 ? approve(name).has_value() : consents_.deny(name, {}).has_value()) ++decided;
      });
    }
  }
  EXPECT_EQ(decided, 1);
  EXPECT_EQ(consents_.find(name, {}).error().code, Code::not_found);
  EXPECT_EQ(approve("").error().code, Code::not_found);
}

TEST_F(ConsentsTest, ARequestDoesNotWaitForEver) {
  auto name = begin(query("kc_1"));
  here_.clock.advance(Consents::kWaitsFor);
  EXPECT_EQ(approve(name).error().code, Code::not_found);
}

// Attack 43: what was true when the request came may not be true any more when it is decided.
TEST_F(ConsentsTest, Attack43TheAddressIsAskedForAgainWhenTheCodeIsMade) {
  auto name = begin(query("kc_1"));
  client_.redirect_uris = {"https://b.example/cb"};
  here_.store->clients().put_client(client_, {}).value();
  EXPECT_FALSE(approve(name));
  EXPECT_FALSE(consents_.deny(name, {}));
}

TEST_F(ConsentsTest, WhatWasApprovedIsNotAskedAgainAndASecondConsentAddsToIt) {
  EXPECT_FALSE(is_remembered(query("kc_1", "read")));
  auto first = approve(begin(query("kc_1", "read"))).value();
  EXPECT_FALSE(is_remembered(query("kc_1", "read"))) << "no token was made of it";
  use(first);
  EXPECT_TRUE(is_remembered(query("kc_1", "read")));
  EXPECT_FALSE(is_remembered(query("kc_1", "read", "&prompt=consent")));
  EXPECT_FALSE(is_remembered(query("kc_1", "write")));
  auto second = code_in(approve(begin(query("kc_1", "write"))).value());
  EXPECT_THAT(here_.store->grants().find_grant(second.grant)->scopes, ElementsAre("write", "read"));
  auto other = consents_.find(begin(query("kc_1", "read")), {}).value();
  EXPECT_FALSE(
      consents_.is_remembered(other, user_.id, {here_.other_tenant, domain::Role::member})
  );
}

// Its grants may be an issuer's word, of which the person knows nothing.
TEST_F(ConsentsTest, AClientThatIssuersVouchForIsAlwaysAskedAbout) {
  use(approve(begin(query("kc_1"))).value());
  ASSERT_TRUE(is_remembered(query("kc_1")));
  client_.grant_types.push_back(domain::GrantType::jwt_bearer);
  here_.store->clients().put_client(client_, {}).value();
  EXPECT_FALSE(is_remembered(query("kc_1")));
}

// Attack 67: a client that becomes another one has nobody's consent.
TEST_F(ConsentsTest, WhatTheRoleDoesNotAllowIsNotAskedForAgain) {
  using enum domain::Role;
  use(approve(begin(query("kc_1", "read write")), read_only).value());
  EXPECT_TRUE(is_remembered(query("kc_1", "read write"), read_only));
  EXPECT_FALSE(is_remembered(query("kc_1", "read write"), member)) << "there is more to allow now";
}

TEST_F(ConsentsTest, Attack67AChangedDocumentIsAskedAboutAgain) {
  use(approve(begin(query(kDocument))).value());
  EXPECT_TRUE(is_remembered(query(kDocument)));
  here_.clock.advance(std::chrono::hours(2));
  EXPECT_TRUE(is_remembered(query(kDocument))) << "fetched again, and the same";
  fetcher_.name = "Your bank";
  EXPECT_TRUE(is_remembered(query(kDocument))) << "still fresh";
  here_.clock.advance(std::chrono::hours(2));
  EXPECT_FALSE(is_remembered(query(kDocument)));
}

// RFC 8252 §8.6.
TEST_F(ConsentsTest, AProgramWithAnIdThatEverybodyKnowsIsAlwaysAskedAbout) {
  use(approve(begin(query(kDocument))).value());
  auto query_of_program = query(kDocument);
  auto at = query_of_program.find("https://a.example/cb");
  query_of_program.replace(at, 20, "http://localhost:5000/cb");
  EXPECT_FALSE(is_remembered(query_of_program));
}

}  // namespace
}  // namespace keystead::oauth
