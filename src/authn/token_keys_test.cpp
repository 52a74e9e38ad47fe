#include "authn/token_keys.hpp"

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;

class TokenKeysTest : public testing::Test {
 protected:
  TokenKeys open(jose::Algorithm algorithm = jose::Algorithm::es256) {
    return TokenKeys(
        {{.algorithm = algorithm, .token_lifetime = 1h},
         here_.store->signing_keys(),
         here_.digester,
         here_.clock,
         here_.random}
    );
  }
  static std::string current(TokenKeys& keys) { return keys.get()->keys.current.kid(); }
  static std::size_t published(TokenKeys& keys) { return keys.get()->verifying.keys().size(); }

  TestInstallation here_;
};

TEST_F(TokenKeysTest, AreMadeOnceAndKept) {
  auto keys = open();
  auto kid = current(keys);
  EXPECT_EQ(current(keys), kid);
  EXPECT_EQ(published(keys), 2u) << "the next one, too";
  auto again = open();
  EXPECT_EQ(current(again), kid);
  EXPECT_EQ(here_.last_entry().event, "signing_keys.turn");
}

TEST_F(TokenKeysTest, AreSealedAtRest) {
  auto keys = open();
  keys.get();
  for (auto const& stored : here_.store->signing_keys().list_signing_keys()) {
    EXPECT_EQ(stored.sealed.find("PRIVATE KEY"), std::string::npos);
    EXPECT_EQ(stored.algorithm, "ES256");
  }
}

TEST_F(TokenKeysTest, TakeTurnsSoThatNoTokenFails) {
  auto keys = open();
  auto first = current(keys), next = keys.get()->keys.next->kid();
  ASSERT_TRUE(keys.turn({}));
  EXPECT_EQ(current(keys), next) << "which everybody knows already";
  EXPECT_EQ(keys.get()->keys.retired.front().key.kid(), first);
  EXPECT_EQ(published(keys), 3u);
  here_.clock.advance(1h);
  keys.turn_by_age();
  EXPECT_EQ(published(keys), 2u) << "its tokens are over";
  EXPECT_EQ(current(keys), next);
}

TEST_F(TokenKeysTest, AreTurnedByAge) {
  auto keys = open();
  auto first = current(keys);
  here_.clock.advance(TokenKeys::kTurnedEvery - 1s);
  keys.turn_by_age();
  EXPECT_EQ(current(keys), first);
  here_.clock.advance(1s);
  keys.turn_by_age();
  EXPECT_NE(current(keys), first);
}

TEST_F(TokenKeysTest, AnotherAlgorithmTakesOverAtTheNextStart) {
  auto before = open();
  auto first = current(before);
  auto after = open(jose::Algorithm::hs256);
  EXPECT_EQ(after.get()->keys.current.algorithm(), jose::Algorithm::hs256);
  EXPECT_EQ(after.get()->keys.next->algorithm(), jose::Algorithm::hs256);
  EXPECT_EQ(after.get()->keys.retired.front().key.kid(), first) << "its tokens go on";
}

TEST_F(TokenKeysTest, AKeyThatSomebodyElseWroteIsNone) {
  auto keys = open();
  auto kid = current(keys);
  auto stored = here_.store->signing_keys().list_signing_keys();
  auto swapped = stored;
  std::swap(swapped[0].sealed, swapped[1].sealed);
  ASSERT_TRUE(here_.store->signing_keys().replace_signing_keys(stored, swapped, {}));
  auto again = open();
  EXPECT_NE(current(again), kid);
  EXPECT_EQ(published(again), 2u);
}

}  // namespace
}  // namespace keystead::authn
