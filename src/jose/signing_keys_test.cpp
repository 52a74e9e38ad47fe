// Tokens of our own, and the keys that take turns at them.
#include "jose/signing_keys.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "jose/sign_jwt.hpp"
#include "jose/test_token.hpp"

namespace keystead::jose {
namespace {

using std::chrono::seconds;

class OwnTokens : public testing::TestWithParam<Algorithm> {};

TEST_P(OwnTokens, AreVerifiedByTheKeyThatSignedThemAlsoWhenItWasStored) {
  auto key = make_key(GetParam());
  auto token = sign_jwt({{"typ", "at+jwt"}}, good_claims(), key);
  auto profile = profile_of({GetParam()});
  profile.types = {"at+jwt"};
  EXPECT_EQ(verdict(token, set_of(key), profile), "ok");
  EXPECT_NE(verdict(token, set_of(make_key(GetParam())), profile), "ok");

  auto again = SigningKey::parse(GetParam(), key.stored());
  ASSERT_TRUE(again) << again.error().public_text;
  EXPECT_EQ(again->kid(), key.kid());
  EXPECT_EQ(
      verdict(sign_jwt({{"typ", "at+jwt"}}, good_claims(), *again), set_of(key), profile), "ok"
  );
}

INSTANTIATE_TEST_SUITE_P(
    All,
    OwnTokens,
    testing::Values(Algorithm::es256, Algorithm::eddsa, Algorithm::rs256, Algorithm::hs256),
    [](auto const& algorithm) { return std::string(name_of(algorithm.param)); }
);

TEST(SigningKey, AlgAndKidAreTheKeys) {
  auto token = sign_jwt({{"alg", "none"}, {"kid", "x"}}, good_claims(), es256_key());
  EXPECT_EQ(verdict(token), "ok");
}

TEST(SigningKey, SignsAsRfc8037Does) {
  // PKCS#8 is a fixed text before the 32 bytes of d; both of RFC 8037 A.4.
  auto d = decoded("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
  auto prefix = decoded("MC4CAQAwBQYDK2VwBCIEIA");
  Secret pem(
      "-----BEGIN PRIVATE KEY-----\n" + codec::base64_encode(prefix + d) +
      "\n-----END PRIVATE KEY-----\n"
  );
  auto key = SigningKey::parse(Algorithm::eddsa, pem);
  ASSERT_TRUE(key) << key.error().public_text;
  EXPECT_EQ(
      codec::base64url_encode(
          key->sign("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")
      ),
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
  );
  EXPECT_EQ(key->kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  EXPECT_EQ(key->stored().reveal(), pem.reveal());
}

TEST(SigningKey, WhatIsNotAStoredKeyIsRefusedWithoutBeingRepeated) {
  auto stored = es256_key().stored();
  std::string text(stored.reveal());
  for (auto const& wrong :
       {std::string(),
        text.substr(0, text.size() / 2),
        std::string("canary"),
        std::string(codec::base64url_encode(std::string(31, 'x')))}) {
    for (auto algorithm :
         {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256, Algorithm::hs256}) {
      auto key = SigningKey::parse(algorithm, Secret(wrong));
      ASSERT_FALSE(key);
      EXPECT_EQ(
          (key.error().public_text + key.error().private_detail).find("canary"), std::string::npos
      );
    }
  }
  EXPECT_FALSE(SigningKey::parse(Algorithm::rs256, stored));
  EXPECT_FALSE(SigningKey::parse(Algorithm::hs256, stored));
  EXPECT_FALSE(SigningKey::parse(Algorithm::es384, stored));
}

TEST(SigningKeys, TakeTurns) {
  auto first = make_key(Algorithm::es256);
  auto second = make_key(Algorithm::es256);
  SigningKeys keys{first, second, {}};
  EXPECT_EQ(keys.verifying_keys(kNow).to_json().at("keys").as_array().size(), 2);

  auto third = make_key(Algorithm::es256);
  auto turned = keys.rotated(third, kNow, seconds(360));
  EXPECT_EQ(turned.current.kid(), second.kid());
  EXPECT_EQ(turned.verifying_keys(kNow).keys()[1].kid(), third.kid());
  auto old = token_of(good_header(first), good_claims(), first);
  auto profile = profile_of();
  auto at = [&](seconds later) {
    return verdict(old, turned.verifying_keys(kNow + later), profile, kNow + later);
  };
  EXPECT_EQ(at(seconds(0)), "ok");
  EXPECT_EQ(at(seconds(359)), "ok");
  EXPECT_EQ(at(seconds(360)), "unknown_key");
  EXPECT_EQ(turned.verifying_keys(kNow + seconds(360)).keys().size(), 2);

  auto later = turned.rotated(make_key(Algorithm::es256), kNow + seconds(360), seconds(360));
  ASSERT_EQ(later.retired.size(), 1) << "the first one is gone";
  EXPECT_EQ(later.retired.front().key.kid(), second.kid());
}

TEST(SigningKeys, WithoutANextKeyTheFreshOneSignsAtOnce) {
  SigningKeys keys{make_key(Algorithm::es256), std::nullopt, {}};
  auto fresh = make_key(Algorithm::es256);
  auto turned = keys.rotated(fresh, kNow, seconds(60));
  EXPECT_EQ(turned.current.kid(), fresh.kid());
  EXPECT_FALSE(turned.next);
}

}  // namespace
}  // namespace keystead::jose
