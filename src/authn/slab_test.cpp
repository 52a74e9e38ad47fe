#include "authn/slab.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace keystead::authn {
namespace {

struct Thing {
  explicit Thing(int thing_number) : number(thing_number) {}
  std::array<char, 88> room{};
  int number;
};

TEST(Slab, KeepsManyApart) {
  Slab<Thing> slab;
  std::vector<Slab<Thing>::Owned> things;
  for (int i = 0; i < 100'000; ++i) things.push_back(slab.make(i));
  for (int i = 0; i < 100'000; ++i) EXPECT_EQ(things[static_cast<std::size_t>(i)]->number, i);
  EXPECT_LT(slab.memory_bytes(), 2 * 100'000 * sizeof(Thing));
}

TEST(Slab, UsesAgainWhatWasGivenBack) {
  Slab<Thing> slab;
  std::vector<Slab<Thing>::Owned> things;
  for (int i = 0; i < 5'000; ++i) things.push_back(slab.make(i));
  auto before = slab.memory_bytes();
  for (int round = 0; round < 10; ++round) {
    things.clear();
    for (int i = 0; i < 5'000; ++i) things.push_back(slab.make(i));
  }
  EXPECT_EQ(slab.memory_bytes(), before);
}

TEST(Slab, TakesBackWhatWasReleased) {
  Slab<Thing> slab;
  Thing* thing = slab.make(7).release();
  EXPECT_EQ(thing->number, 7);
  slab.own(thing).reset();
  EXPECT_EQ(slab.make(8).get(), thing);
}

#if __has_feature(address_sanitizer)
TEST(Slab, AUseOfWhatWasGivenBackIsSeen) {
  Slab<Thing> slab;
  auto owned = slab.make(7);
  Thing const* thing = owned.get();
  owned.reset();
  EXPECT_TRUE(__asan_address_is_poisoned(&thing->number));
}
#endif

}  // namespace
}  // namespace keystead::authn
