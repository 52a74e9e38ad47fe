#include "oauth/client_keys.hpp"

#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "codec/json.hpp"
#include "jose/sign_jwt.hpp"
#include "jose/signing_key.hpp"

namespace keystead::oauth {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kUrl = "https://a.example/keys";

// Answers everything with one key set, and remembers what it was asked.
class OneSet final : public http::Fetcher {
 public:
  Result<http::FetchAnswer> fetch(http::FetchRequest const& request) override {
    asked.push_back(request);
    if (answer.status == 0) return http::fetch_failed("connection refused by 10.0.0.1:80");
    return answer;
  }
  void publish(std::vector<jose::SigningKey const*> const& keys) {
    std::vector<jose::Jwk> set;
    for (auto const* key : keys) set.push_back(key->verifying_key());
    answer = {.status = 200, .body = codec::to_text(jose::JwkSet(std::move(set)).to_json())};
  }

  http::FetchAnswer answer{.status = 200};
  std::vector<http::FetchRequest> asked;
};

class PublishedKeys : public testing::Test {
 protected:
  PublishedKeys() { server_.publish({&first_}); }

  bool verify(jose::SigningKey const& key, domain::Client const& client) {
    auto exp = std::chrono::floor<std::chrono::seconds>(now_ + 60s).time_since_epoch().count();
    auto token =
        jose::sign_jwt({}, {{"iss", "me"}, {"sub", "me"}, {"aud", "us"}, {"exp", exp}}, key);
    jose::JwtProfile profile;
    profile.issuer = "me";
    profile.audiences = {"us"};
    profile.algorithms = {jose::Algorithm::es256};
    auto verifier = jose::JwtVerifier::make(profile).value();
    return keys_.verify(client, token, verifier, now_).has_value();
  }
  bool verify(jose::SigningKey const& key) { return verify(key, client_); }
  static domain::Client client_with(
      std::string jwks, domain::ClientOrigin origin = domain::ClientOrigin::metadata_document
  ) {
    return {
        .id = domain::ClientId("me"),
        .origin = origin,
        .auth = domain::ClientAuth::private_key_jwt,
        .jwks = std::move(jwks),
    };
  }

  SystemRandom random_;
  jose::SigningKey first_ = jose::SigningKey::generate(jose::Algorithm::es256, random_);
  jose::SigningKey second_ = jose::SigningKey::generate(jose::Algorithm::es256, random_);
  OneSet server_;
  ClientKeys keys_{{"own.example", "127.0.0.1"}, server_};
  domain::Client client_ = client_with(std::string(kUrl));
  Time now_{std::chrono::seconds(1'800'000'000)};
};

TEST_F(PublishedKeys, AreFetchedOnceAndKept) {
  EXPECT_TRUE(verify(first_));
  EXPECT_TRUE(verify(first_));
  EXPECT_FALSE(verify(second_));
  EXPECT_EQ(server_.asked.size(), 1);
}

TEST_F(PublishedKeys, AKeyThatIsNotAmongThemIsLookedForOnceAMinute) {
  EXPECT_TRUE(verify(first_));
  server_.publish({&first_, &second_});
  EXPECT_FALSE(verify(second_));
  EXPECT_EQ(server_.asked.size(), 1);
  now_ += 60s;
  EXPECT_TRUE(verify(second_));
  EXPECT_EQ(server_.asked.size(), 2);
}

TEST_F(PublishedKeys, StayAsLongAsTheirServerSaysWithinBounds) {
  struct Case {
    char const* said;
    std::chrono::seconds fresh;
  };
  for (auto const& [said, fresh] :
       {Case{"max-age=600", 600s},
        Case{"no-store", 60s},
        Case{"max-age=999999", 3600s},
        Case{"public", 300s}}) {
    auto client = client_with(std::string(kUrl) + "?" + said);
    server_.publish({&first_});
    server_.answer.headers = {{"Cache-Control", said}};
    server_.asked.clear();
    ASSERT_TRUE(verify(first_, client)) << said;
    now_ += fresh - 1s;
    ASSERT_TRUE(verify(first_, client)) << said;
    EXPECT_EQ(server_.asked.size(), 1) << said;
    now_ += 1s;
    ASSERT_TRUE(verify(first_, client)) << said;
    EXPECT_EQ(server_.asked.size(), 2) << said;
  }
}

TEST_F(PublishedKeys, AWithdrawnKeyIsRefusedWithTheNextSet) {
  EXPECT_TRUE(verify(first_));
  server_.publish({&second_});
  now_ += 300s;
  EXPECT_FALSE(verify(first_));
  EXPECT_TRUE(verify(second_));
}

TEST_F(PublishedKeys, TheLastGoodOnesServeAnHourWhileTheServerIsAway) {
  EXPECT_TRUE(verify(first_));
  server_.answer.status = 0;
  now_ += 3599s;
  EXPECT_TRUE(verify(first_));
  now_ += 1s;
  EXPECT_FALSE(verify(first_));
}

TEST_F(PublishedKeys, Attack66WhatIsFetchedIsPublicAndSmall) {
  ASSERT_TRUE(verify(first_));
  auto const& asked = server_.asked.front();
  EXPECT_EQ(asked.url.text(), kUrl);
  EXPECT_EQ(asked.reach, http::Reach::public_only);
  EXPECT_LE(asked.limits.body_bytes_max, 64 * 1024);
  EXPECT_LE(asked.limits.timeout, 5s);
}

TEST_F(PublishedKeys, Attack66WhatTheOperatorMayReachNoStrangerReaches) {
  using enum domain::ClientOrigin;
  std::string const inside = "https://inside.example/keys";
  ASSERT_TRUE(verify(first_, client_with(inside, configured)));
  ASSERT_TRUE(verify(first_, client_with(inside, metadata_document)));
  ASSERT_TRUE(verify(first_, client_with("https://own.example/keys", metadata_document)));
  ASSERT_EQ(server_.asked.size(), 3) << "what the operator reached was not shared";
  EXPECT_EQ(server_.asked[0].reach, http::Reach::configured);
  EXPECT_EQ(server_.asked[1].reach, http::Reach::public_only);
  EXPECT_EQ(server_.asked[2].reach, http::Reach::configured);
}

TEST_F(PublishedKeys, WhatIsNoKeySetVerifiesNothing) {
  int round = 0;
  for (auto const& answer :
       {http::FetchAnswer{.status = 0},
        http::FetchAnswer{.status = 404},
        http::FetchAnswer{.status = 302, .body = server_.answer.body},
        http::FetchAnswer{.status = 200, .body = "<html>"},
        http::FetchAnswer{.status = 200, .body = R"({"keys":[]})"}}) {
    server_.answer = answer;
    auto client = client_with(std::string(kUrl) + std::to_string(++round));
    EXPECT_FALSE(verify(first_, client)) << answer.body;
    EXPECT_FALSE(verify(first_, client));
    EXPECT_EQ(server_.asked.size(), round) << "and is not asked for again at once";
  }
}

TEST_F(PublishedKeys, AreOfSoManyClientsAtOnceAndNoMore) {
  ASSERT_TRUE(verify(first_));
  for (std::size_t i = 0; i < ClientKeys::kSetsMax; ++i) {
    now_ += 10ms;
    ASSERT_TRUE(verify(first_, client_with(std::string(kUrl) + std::to_string(i))));
  }
  server_.asked.clear();
  EXPECT_TRUE(verify(first_, client_with(std::string(kUrl) + "1023")));
  EXPECT_EQ(server_.asked.size(), 0);
  EXPECT_TRUE(verify(first_)) << "it made room, and is fetched again";
  EXPECT_EQ(server_.asked.size(), 1);
}

// Answers nobody until it is let go.
class SlowSet final : public http::Fetcher {
 public:
  Result<http::FetchAnswer> fetch(http::FetchRequest const&) override {
    asked.count_down();
    let_go.wait();
    return http::fetch_failed("too slow");
  }

  std::latch asked{ClientKeys::kAtOnce};
  std::latch let_go{1};
};

// Attack 87: slow servers of clients that published a document hold few; a third fetch would count
// the latch below zero, and the third client would wait for what comes after it.
TEST_F(PublishedKeys, Attack87SlowServersOfStrangersHoldFew) {
  SlowSet slow;
  ClientKeys keys({}, slow);
  auto verify_at = [&](std::string const& path) {
    jose::JwtProfile profile;
    profile.issuer = "me";
    profile.audiences = {"us"};
    profile.algorithms = {jose::Algorithm::es256};
    auto verifier = jose::JwtVerifier::make(profile).value();
    auto token = jose::sign_jwt({}, {{"iss", "me"}}, first_);
    return keys.verify(client_with("https://slow.example" + path), token, verifier, now_);
  };
  std::thread first([&] { EXPECT_FALSE(verify_at("/1")); });
  std::thread second([&] { EXPECT_FALSE(verify_at("/2")); });
  slow.asked.wait();
  EXPECT_FALSE(verify_at("/3"));
  EXPECT_FALSE(verify_at("/1"));
  slow.let_go.count_down();
  first.join();
  second.join();
}

}  // namespace
}  // namespace keystead::oauth
