#include "oauth/client_documents.hpp"

#include <gtest/gtest.h>

namespace keystead::oauth {
namespace {

constexpr std::string_view kUrl = "https://a.example/client.json";

// Answers everything with one document, and remembers what it was asked.
class OneDocument final : public http::Fetcher {
 public:
  Result<http::FetchAnswer> fetch(http::FetchRequest const& request) override {
    asked.push_back(request);
    if (answer.status == 0) return http::fetch_failed("connection refused by 10.0.0.1:80");
    return answer;
  }

  http::FetchAnswer answer{.status = 200, .headers = {{"Content-Type", "application/json"}}};
  std::vector<http::FetchRequest> asked;
};

class Documents : public testing::Test {
 protected:
  Result<domain::Client> fetch(std::string_view id = kUrl) {
    ClientDocuments documents(
        {{{domain::ClientAuth::none},
          {domain::GrantType::authorization_code, domain::GrantType::refresh_token},
          {}},
         {"127.0.0.1"}},
        fetcher_
    );
    return documents.fetch(domain::ClientId(std::string(id)), now_);
  }
  static std::string document(std::string_view id = kUrl, std::string_view more = "") {
    return "{\"client_id\":\"" + std::string(id) +
           "\",\"client_name\":\"A\",\"redirect_uris\":[\"https://a.example/cb\"]" +
           std::string(more) + "}";
  }
  std::chrono::milliseconds fresh_for(std::string const& cache_control) {
    fetcher_.answer.headers = {
        {"Content-Type", "application/json"}, {"Cache-Control", cache_control}
    };
    return *fetch().value().fresh_until - now_;
  }

  OneDocument fetcher_;
  Time now_{std::chrono::seconds(1'800'000'000)};
};

TEST_F(Documents, AClientIsWhatItsDocumentSays) {
  fetcher_.answer.body = document(kUrl, ",\"token_endpoint_auth_method\":\"none\",\"x\":1");
  auto client = fetch().value();
  EXPECT_EQ(client.id.text(), kUrl);
  EXPECT_EQ(client.name, "A");
  EXPECT_EQ(client.origin, domain::ClientOrigin::metadata_document);
  EXPECT_TRUE(client.is_public());
}

// Attack 66: what is asked is bounded, and nobody learns from the answer what there is behind us.
TEST_F(Documents, Attack66WhatIsFetchedIsPublicAndSmall) {
  fetcher_.answer.body = document();
  ASSERT_TRUE(fetch());
  auto const& asked = fetcher_.asked.front();
  EXPECT_EQ(asked.reach, http::Reach::public_only);
  EXPECT_EQ(asked.limits.body_bytes_max, 5 * 1024);
  EXPECT_LE(asked.limits.timeout, std::chrono::seconds(5));
}

TEST_F(Documents, Attack66EveryFailureLooksTheSame) {
  fetcher_.answer.status = 0;
  auto refused = fetch().error();
  for (int status : {204, 301, 302, 401, 404, 500}) {
    fetcher_.answer.status = status;
    fetcher_.answer.body = document();
    EXPECT_EQ(fetch().error().public_text, refused.public_text);
  }
  for (auto const& body :
       {std::string("<html>"),
        std::string("[]"),
        document("https://b.example/x"),
        document(kUrl, ",\"client_secret\":\"x\"")}) {
    fetcher_.answer.status = 200;
    fetcher_.answer.body = body;
    EXPECT_EQ(fetch().error().public_text, refused.public_text);
    EXPECT_EQ(fetch().error().code, refused.code);
  }
}

TEST_F(Documents, Attack66AnIdThatIsNoPlainAddressIsNotFetched) {
  for (std::string_view id : {
           "http://a.example/client.json",
           "https://a.example",
           "https://a.example/",
           "https://user@a.example/client.json",
           "https://a.example/client.json#x",
           "https://a.example/x/../client.json",
           "https://2130706433/client.json",
           "https://[::ffff:10.0.0.1/client.json",
       }) {
    fetcher_.answer.body = document(id);
    EXPECT_FALSE(fetch(id)) << id;
  }
  EXPECT_TRUE(fetcher_.asked.empty());
}

TEST_F(Documents, TheOperatorsOwnHostsNeedNotBePublic) {
  constexpr std::string_view kHere = "http://127.0.0.1:8080/client.json";
  fetcher_.answer.body = document(kHere);
  EXPECT_TRUE(fetch(kHere));
  EXPECT_EQ(fetcher_.asked.front().reach, http::Reach::configured);
}

// Attack 64: the whole host counts, as it was parsed, and not what an address looks like.
TEST_F(Documents, Attack64AHostThatLooksLikeATrustedOneIsNotTrusted) {
  for (std::string_view host :
       {"127.0.0.1.evil.example",
        "evil-127.0.0.1.example",
        "x127.0.0.1",
        "127.0.0.10",
        "127x0x0x1.example",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "evil.example?127.0.0.1",
        "evil.example/127.0.0.1",
        "evil.example\\127.0.0.1"}) {
    auto id = "https://" + std::string(host) + "/client.json";
    fetcher_ = OneDocument();
    fetcher_.answer.body = document(id);
    fetch(id);
    for (auto const& asked : fetcher_.asked) {
      EXPECT_EQ(asked.reach, http::Reach::public_only) << id;
    }
    auto plain = "http://" + std::string(host) + "/client.json";
    fetcher_.answer.body = document(plain);
    EXPECT_FALSE(fetch(plain)) << plain;
  }
}

// Attack 67: whoever publishes something somewhere speaks for that address only.
TEST_F(Documents, Attack67ADocumentSpeaksForItsOwnAddress) {
  for (auto id :
       {"https://a.example/client.json/",
        "https://A.example/client.json",
        "https://a.example:443/client.json",
        "https://a.example/client.json?"}) {
    fetcher_.answer.body = document(id);
    EXPECT_FALSE(fetch()) << id;
  }
  fetcher_.answer.body = document(kUrl, ",\"token_endpoint_auth_method\":\"client_secret_basic\"");
  EXPECT_FALSE(fetch());
  fetcher_.answer.body =
      R"({"client_id":"https://a.example/client.json","redirect_uris":["https://a.example/cb"]})";
  EXPECT_FALSE(fetch()) << "a client without a name";
}

// Attack 67: what people can upload somewhere, or write into a page there, is no document of the
// host's.
TEST_F(Documents, Attack67OnlyWhatIsServedAsJsonIsADocument) {
  fetcher_.answer.body = document();
  for (std::string_view type :
       {"application/json",
        "Application/JSON; charset=utf-8",
        "application/cimd+json",
        "application/vnd.example+JSON ;v=1"}) {
    fetcher_.answer.headers = {{"Content-Type", std::string(type)}};
    EXPECT_TRUE(fetch()) << type;
  }
  for (std::string_view type :
       {"text/html",
        "text/plain",
        "text/json",
        "image/svg+json",
        "application/octet-stream",
        "application/+json",
        "application/jsonp",
        "application/json-seq",
        "text/plain; application/json",
        ""}) {
    fetcher_.answer.headers = {{"Content-Type", std::string(type)}};
    EXPECT_FALSE(fetch()) << type;
  }
  fetcher_.answer.headers.clear();
  EXPECT_FALSE(fetch());
}

TEST_F(Documents, ADocumentIsFreshAsItsServerSaysWithinBounds) {
  using namespace std::chrono_literals;
  fetcher_.answer.body = document();
  EXPECT_EQ(fresh_for("max-age=600"), 600s);
  EXPECT_EQ(fresh_for("public, max-age=7200, immutable"), 7200s);
  EXPECT_EQ(fresh_for("max-age=0"), 60s);
  EXPECT_EQ(fresh_for("no-store"), 60s);
  EXPECT_EQ(fresh_for("max-age=99999999"), 24h);
  EXPECT_EQ(fresh_for("max-age=x"), 1h);
  EXPECT_EQ(fresh_for(""), 1h);
}

}  // namespace
}  // namespace keystead::oauth
