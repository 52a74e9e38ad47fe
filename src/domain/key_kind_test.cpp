#include "domain/key_kind.hpp"

#include <gtest/gtest.h>

namespace keystead::domain {
namespace {

KeyKind kind(std::string name, std::string_view grammar) {
  return {.name = std::move(name), .format = KeyFormat::parse(grammar).value()};
}

std::string refusal_of(std::vector<KeyKind> kinds) {
  auto made = KeyKinds::make(std::move(kinds));
  return made ? "accepted" : made.error().public_text;
}

TEST(KeyKinds, AKeyIsOfTheKindWhoseFormItHas) {
  auto kinds = KeyKinds::make({kind("tenant", "ab_{env:live|test}_{secret:22}"),
                               kind("platform", "cd_{secret:22}{crc}")})
                   .value();
  EXPECT_EQ(kinds.find("tenant"), 0u);
  EXPECT_EQ(kinds.find("platform"), 1u);
  EXPECT_EQ(kinds.find("Platform"), 2u);

  std::string secret(22, 'x');
  std::string bound = "ab_test_" + secret;
  auto known = kinds.match(bound);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->kind, 0u);
  EXPECT_EQ(known->parts.environment, "test");

  SystemRandom random;
  std::string platform(kinds.all()[1].format.mint(random)->key.reveal());
  EXPECT_EQ(kinds.match(platform)->kind, 1u);
  EXPECT_EQ(kinds.fits(platform), 1u);
  platform.back() = platform.back() == 'a' ? 'b' : 'a';
  EXPECT_FALSE(kinds.match(platform)) << "the checksum is wrong";
  EXPECT_EQ(kinds.fits(platform), 1u);

  for (auto const& other : {"ab_" + secret, "cd_" + secret, "ef_" + secret, std::string()}) {
    EXPECT_FALSE(kinds.match(other)) << other;
    EXPECT_FALSE(kinds.fits(other)) << other;
  }
}

TEST(KeyKinds, Attack2RefusesKindsThatOneKeyCouldBeOf) {
  EXPECT_EQ(refusal_of({}), "there must be a kind of keys");
  EXPECT_EQ(
      refusal_of({kind("a", "ab_{secret:22}"), kind("a", "cd_{secret:22}")}),
      "two kinds of keys are called \"a\""
  );
  EXPECT_EQ(
      refusal_of({kind("a", "ab_{secret:22}"), kind("b", "ab_{hex:32}")}),
      "keys of kind \"a\" begin with \"ab_\", and so do those of kind \"b\": a key could be of "
      "either"
  );
  EXPECT_NE(refusal_of({kind("a", "ab_x_{hex:32}"), kind("b", "ab_{secret:34}")}), "accepted");
  EXPECT_NE(refusal_of({kind("a", "ab_{hex:32}"), kind("b", "ab_x_{secret:34}")}), "accepted");
  EXPECT_EQ(refusal_of({kind("a", "ab_{hex:32}"), kind("b", "abc_{hex:32}")}), "accepted");
}

TEST(KeyFormat, ShowsTheIdOfAPrefix) {
  auto format = KeyFormat::parse("nk_{env:live|test}_{id:8}_{secret:32}").value();
  SystemRandom random;
  auto minted = format.mint(random, "test").value();
  EXPECT_EQ(format.id_of_prefix(minted.prefix), format.match(minted.key.reveal())->id);
  EXPECT_EQ(format.id_of_prefix("nk_live_Ab12CdEf_"), "Ab12CdEf");
  EXPECT_EQ(format.id_of_prefix("nk_live_Ab12CdEf"), "Ab12CdEf");
  for (auto other : {"nk_live_Ab12CdE", "nk_stage_Ab12CdEf_", "nx_live_Ab12CdEf_", "nk_", ""}) {
    EXPECT_FALSE(format.id_of_prefix(other)) << other;
  }
  EXPECT_FALSE(KeyFormat::parse("nen_{hex:64}")->id_of_prefix("nen_0123"));
}

}  // namespace
}  // namespace keystead::domain
