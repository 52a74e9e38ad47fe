#include <set>

#include <gtest/gtest.h>

#include "domain/key_format.hpp"
#include "domain/scope.hpp"

namespace keystead::domain {
namespace {

KeyFormat format_of(std::string_view grammar) {
  auto format = KeyFormat::parse(grammar);
  EXPECT_TRUE(format) << grammar;
  return *format;
}

std::string refusal_of(std::string_view grammar) {
  auto format = KeyFormat::parse(grammar);
  return format ? "accepted" : format.error().public_text;
}

TEST(KeyFormat, MintsWhatItMatches) {
  SystemRandom random;
  for (auto grammar :
       {"npk_{secret:40}", "nen_{hex:64}", "abc-{id:8}-{secret:32}{crc}", "k_{secret:22}_{crc}"}) {
    auto format = format_of(grammar);
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
      auto minted = format.mint(random);
      ASSERT_TRUE(minted);
      EXPECT_TRUE(format.match(minted->key.reveal())) << minted->key.reveal();
      EXPECT_TRUE(minted->key.reveal().starts_with(minted->prefix));
      EXPECT_TRUE(seen.insert(std::string(minted->key.reveal())).second);
    }
  }
}

TEST(KeyFormat, TakesTheEnvironmentAndTheIdApart) {
  auto format = format_of("nk_{env:live|test}_{id:8}_{secret:32}");
  std::string key = "nk_test_Ab12CdEf_" + std::string(32, 'x');
  auto parts = format.match(key);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->environment, "test");
  EXPECT_EQ(parts->id, "Ab12CdEf");

  SystemRandom random;
  EXPECT_FALSE(format.mint(random));
  EXPECT_FALSE(format.mint(random, "stage"));
  auto minted = format.mint(random, "live");
  ASSERT_TRUE(minted);
  EXPECT_EQ(minted->prefix.size(), std::string("nk_live_Ab12CdEf_").size())
      << "the id may be shown";
}

TEST(KeyFormat, Attack2OnlyTheExactFormMatches) {
  auto format = format_of("npk_{secret:40}");
  std::string key = "npk_" + std::string(40, 'a');
  ASSERT_TRUE(format.match(key));
  for (auto const& other : {
           key.substr(1),
           key.substr(0, key.size() - 1),
           key + "a",
           key + " ",
           " " + key,
           key + std::string(1, '\0'),
           "NPK_" + key.substr(4),
           "npk-" + key.substr(4),
           "npk_" + std::string(39, 'a') + "-",
           "npk_" + std::string(39, 'a') + "\xc3",
           std::string(),
           std::string("npk_"),
           std::string(100'000, 'a'),
       }) {
    EXPECT_FALSE(format.match(other)) << other.substr(0, 60);
  }
  EXPECT_FALSE(format_of("nen_{hex:64}").match("nen_" + std::string(64, 'A')))
      << "hex is lower case";
}

TEST(KeyFormat, AWrongChecksumIsRefused) {
  SystemRandom random;
  auto format = format_of("ks_{secret:40}{crc}");
  std::string key(format.mint(random)->key.reveal());
  ASSERT_TRUE(format.match(key));
  for (std::size_t at = 3; at < key.size(); ++at) {
    std::string changed = key;
    changed[at] = changed[at] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(format.match(changed)) << "character " << at;
  }
}

TEST(KeyFormat, WhatFitsIsWellFormedButForTheChecksum) {
  SystemRandom random;
  auto format = format_of("ks_{secret:40}{crc}");
  std::string key(format.mint(random)->key.reveal());
  EXPECT_TRUE(format.fits(key));
  std::string changed = key;
  changed.back() = changed.back() == 'a' ? 'b' : 'a';
  EXPECT_TRUE(format.fits(changed));
  for (auto const& other :
       {key + "a", key.substr(1), "ks-" + key.substr(3), key.substr(0, 48) + "-"}) {
    EXPECT_FALSE(format.fits(other)) << other;
  }
}

TEST(KeyFormat, RefusesAGrammarThatIsUnsafeOrAmbiguous) {
  EXPECT_EQ(refusal_of("npk_"), "key format: exactly one {secret:N} or {hex:N} is needed");
  EXPECT_EQ(
      refusal_of("npk_{secret:8}"),
      "key format: the secret has less than 128 bits; use {secret:22} or {hex:32} at least"
  );
  EXPECT_EQ(
      refusal_of("{secret:40}"),
      "key format: it must begin with literal text such as \"abc_\", by which a leaked key is known"
  );
  EXPECT_EQ(refusal_of("a_{secret:40"), "key format: a { is never closed");
  EXPECT_EQ(refusal_of("a_{crc}{secret:40}"), "key format: {crc} must come last");
  EXPECT_EQ(refusal_of("a_{secret:0}"), "key format: {secret:N} needs a length from 1 to 128");
  EXPECT_EQ(
      refusal_of("a b_{secret:40}"),
      "key format: literal text may hold letters, digits, _ and - only"
  );
  EXPECT_NE(refusal_of("a_{env:live|liver}_{secret:40}"), "accepted");
  EXPECT_NE(refusal_of("a_{sekret:40}"), "accepted");
  EXPECT_NE(refusal_of(""), "accepted");
}

TEST(ScopeCatalog, WhatAScopeImpliesComesWithIt) {
  auto catalog = ScopeCatalog::make(
      {{"read", "Read", {}}, {"write", "Write", {"read"}}, {"admin", "All", {"write"}}}
  );
  ASSERT_TRUE(catalog);
  std::vector<std::string> held{"admin"};
  auto set = catalog->resolve(held);
  ASSERT_TRUE(set);
  EXPECT_EQ(catalog->names(*set), (std::vector<std::string>{"read", "write", "admin"}));
  std::vector<std::string> unknown{"read", "root"};
  EXPECT_EQ(catalog->resolve(unknown).error().public_text, "unknown scope \"root\"");
  EXPECT_EQ(catalog->names(catalog->resolve_known(unknown)), std::vector<std::string>{"read"});
}

TEST(ScopeCatalog, RefusesWhatCannotBeMeant) {
  EXPECT_FALSE(ScopeCatalog::make({{"a", "", {}}, {"a", "", {}}}));
  EXPECT_FALSE(ScopeCatalog::make({{"a", "", {"b"}}}));
  EXPECT_FALSE(ScopeCatalog::make({{"a b", "", {}}}));
  EXPECT_FALSE(ScopeCatalog::make({{"", "", {}}}));
}

}  // namespace
}  // namespace keystead::domain
