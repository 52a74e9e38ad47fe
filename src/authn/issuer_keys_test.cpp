#include "authn/issuer_keys.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "codec/json.hpp"
#include "jose/signing_key.hpp"

namespace keystead::authn {
namespace {

using std::chrono::seconds;

constexpr Time kStart{seconds{1'800'000'000}};

// An issuer that says what the test wants it to, and counts how often it is asked.
class IssuerKeysTest : public testing::Test {
 protected:
  IssuerKeys open(std::string url = "https://issuer.example/keys") {
    return IssuerKeys(
        {.issuer = "https://issuer.example",
         .url = std::move(url),
         .fetch = [this](std::string const& asked, http::Reach reach) -> Result<std::string> {
           ++fetches;
           std::this_thread::sleep_for(delay);
           if (is_down) return http::fetch_failed("down");
           if (asked.ends_with("/openid-configuration")) {
             if (discovery.empty()) return http::fetch_failed("404");
             return discovery;
           }
           last = asked;
           last_reach = reach;
           return document;
         },
         .report = [this](std::string_view what) { reports.emplace_back(what); }}
    );
  }
  static std::string document_of(std::vector<jose::SigningKey> const& keys) {
    std::vector<jose::Jwk> public_keys;
    public_keys.reserve(keys.size());
    for (auto const& key : keys) public_keys.push_back(key.verifying_key());
    return codec::to_text(jose::JwkSet(std::move(public_keys)).to_json());
  }

  SystemRandom random;
  std::string document = R"({"keys":[]})";
  std::string discovery;
  std::string last;
  http::Reach last_reach = http::Reach::public_only;
  std::vector<std::string> reports;
  std::chrono::milliseconds delay{0};
  std::atomic<int> fetches{0};
  std::atomic<bool> is_down{false};
};

TEST_F(IssuerKeysTest, AreFetchedOnceAndKeptWhileTheyAreFresh) {
  auto keys = open();
  ASSERT_TRUE(keys.get(kStart));
  EXPECT_TRUE(keys.get(kStart + IssuerKeys::kFreshFor - seconds{1}));
  EXPECT_EQ(fetches, 1);
  EXPECT_TRUE(keys.get(kStart + IssuerKeys::kFreshFor));
  EXPECT_EQ(fetches, 2);
}

TEST_F(IssuerKeysTest, Attack22AKeyThatTheIssuerHasWithdrawnIsGoneWithTheNextFetch) {
  document = document_of({jose::SigningKey::generate(jose::Algorithm::es256, random)});
  auto keys = open();
  EXPECT_EQ(keys.get(kStart)->keys().size(), 1U);
  document = R"({"keys":[]})";
  EXPECT_EQ(keys.get(kStart + IssuerKeys::kFreshFor)->keys().size(), 0U);
  EXPECT_LE(IssuerKeys::kFreshFor + seconds{300}, seconds{600});
}

TEST_F(IssuerKeysTest, Attack23UnknownKeysAskTheIssuerFiveTimesAMinuteAtMost) {
  auto keys = open();
  auto seen = keys.get(kStart);
  for (int second = 0; second < 60; ++second) {
    for (int i = 0; i < 100; ++i) {
      auto newer = keys.newer_than(seen, kStart + seconds{second});
      if (newer) seen = newer;
    }
  }
  EXPECT_LE(fetches, 5);
}

TEST_F(IssuerKeysTest, Attack23ManyWhoWaitAskTheIssuerOnce) {
  delay = std::chrono::milliseconds(50);
  auto keys = open();
  std::atomic<int> served{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] { served += keys.get(kStart) != nullptr; });
    }
  }
  EXPECT_EQ(served, 64);
  EXPECT_EQ(fetches, 1);
}

TEST_F(IssuerKeysTest, Attack25WithoutTheIssuerNobodyIsLetInAndTheLastGoodSetHasABound) {
  is_down = true;
  auto keys = open();
  EXPECT_FALSE(keys.get(kStart));
  EXPECT_FALSE(keys.get(kStart + seconds{1}));
  EXPECT_EQ(fetches, 1) << "it is not asked again at once";
  is_down = false;
  Time good = kStart + IssuerKeys::kPause;
  ASSERT_TRUE(keys.get(good));
  is_down = true;
  EXPECT_TRUE(keys.get(good + IssuerKeys::kKeptFor - seconds{1}));
  EXPECT_FALSE(keys.get(good + IssuerKeys::kKeptFor));
}

TEST_F(IssuerKeysTest, Attack24AnAnswerThatIsNoKeySetLeavesTheLastGoodOne) {
  auto keys = open();
  ASSERT_TRUE(keys.get(kStart));
  document = "<html>";
  EXPECT_TRUE(keys.get(kStart + IssuerKeys::kFreshFor));
  ASSERT_FALSE(reports.empty());
  EXPECT_TRUE(reports.back().contains("cannot be read"));
}

TEST_F(IssuerKeysTest, AreFoundByDiscovery) {
  discovery =
      R"({"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/discovered"})";
  auto keys = open("");
  ASSERT_TRUE(keys.get(kStart));
  EXPECT_EQ(last, "https://issuer.example/discovered");
  EXPECT_EQ(last_reach, http::Reach::configured);
}

TEST_F(IssuerKeysTest, AnotherHostThatADiscoveryDocumentNamesMustBePublic) {
  discovery = R"({"issuer":"https://issuer.example","jwks_uri":"https://keys.example/k"})";
  auto keys = open("");
  ASSERT_TRUE(keys.get(kStart));
  EXPECT_EQ(last_reach, http::Reach::public_only);
}

TEST_F(IssuerKeysTest, Attack28ADiscoveryDocumentOfAnotherIssuerIsRefused) {
  discovery =
      R"({"issuer":"https://issuer.example/","jwks_uri":"https://issuer.example/discovered"})";
  EXPECT_FALSE(open("").get(kStart));
}

TEST_F(IssuerKeysTest, WithoutDiscoveryTheyAreWhereEverybodyHasThem) {
  auto keys = open("");
  ASSERT_TRUE(keys.get(kStart));
  EXPECT_EQ(last, "https://issuer.example/.well-known/jwks.json");
}

}  // namespace
}  // namespace keystead::authn
