#include "authn/ring.hpp"

#include <barrier>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace {
// Counts the allocations of a thread, to hold the ring to its promise.
thread_local std::size_t allocations = 0;
}  // namespace

// ThreadSanitizer brings its own, which nothing may replace; there the count stays zero.
#if !__has_feature(thread_sanitizer)
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;

Time const kNow{1'800'000'000'000ms};

// Digests that differ where the ring looks, as HMACs do.
domain::KeyDigest digest_of(std::uint64_t number) {
  domain::KeyDigest digest{};
  for (std::size_t at = 0; at < digest.size(); at += 8) {
    std::uint64_t word = (number + at + 1) * 0x9E3779B97F4A7C15u;
    word ^= word >> 29;
    word *= 0xBF58476D1CE4E5B9u;
    std::memcpy(digest.data() + at, &word, sizeof word);
  }
  return digest;
}

Standing standing_of(std::uint64_t number) {
  UuidBytes bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  Standing standing;
  standing.bearer = domain::KeyId(bytes);
  bytes[15] = 1;
  standing.tenant = domain::TenantId(bytes);
  return standing;
}

std::optional<Standing> never() {
  ADD_FAILURE() << "the store was asked";
  return std::nullopt;
}

TEST(Ring, AnswersWhatItSawBeforeWithoutTheStore) {
  Ring ring({});
  EXPECT_TRUE(ring.find_or_load(digest_of(1), kNow, [] { return standing_of(1); }));
  auto again = ring.find_or_load(digest_of(1), kNow, never);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->key(), standing_of(1).key());
}

TEST(Ring, AHotCheckAllocatesNothing) {
  Ring ring({});
  for (std::uint64_t i = 0; i < 10'000; ++i) ring.admit(digest_of(i), standing_of(i));
  std::size_t before = allocations;
  Standing standing;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(
        ring.find(digest_of(i), kNow + std::chrono::seconds(i), standing), Ring::Memory::known
    );
  }
  EXPECT_EQ(allocations, before);
}

TEST(Ring, AnUnknownDigestIsRememberedForAWhileOnly) {
  Ring ring({.keys_max = 100, .unknown_max = 16, .unknown_for = 5s});
  int asked = 0;
  auto absent = [&]() -> std::optional<Standing> {
    ++asked;
    return std::nullopt;
  };
  for (auto later : {0s, 1s, 4s})
    EXPECT_FALSE(ring.find_or_load(digest_of(1), kNow + later, absent));
  EXPECT_EQ(asked, 1);
  EXPECT_FALSE(ring.find_or_load(digest_of(1), kNow + 5s, absent));
  EXPECT_EQ(asked, 2);
}

TEST(Ring, AKeyThatIsMadeIsKnownAtOnceThoughItWasUnknownBefore) {
  Ring ring({});
  EXPECT_FALSE(ring.find_or_load(digest_of(1), kNow, []() -> std::optional<Standing> {
    return {};
  }));
  ring.admit(digest_of(1), standing_of(1));
  EXPECT_TRUE(ring.find_or_load(digest_of(1), kNow, never));
}

TEST(Ring, AMissGoesToTheStoreOnceHoweverManyWait) {
  Ring ring({});
  std::atomic<int> loads{0};
  std::barrier start(16);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      auto found = ring.find_or_load(digest_of(7), kNow, [&] {
        ++loads;
        std::this_thread::sleep_for(50ms);
        return standing_of(7);
      });
      EXPECT_TRUE(found);
    });
  }
  threads.clear();
  EXPECT_EQ(loads, 1);
}

TEST(Ring, WhatTheStoreThrowsReachesTheCallerAndIsNotRemembered) {
  Ring ring({});
  auto broken = []() -> std::optional<Standing> { throw std::runtime_error("disk"); };
  EXPECT_THROW(ring.find_or_load(digest_of(1), kNow, broken), std::runtime_error);
  EXPECT_TRUE(ring.find_or_load(digest_of(1), kNow, [] { return standing_of(1); }));
}

TEST(Ring, StaysWithinItsBoundAndKeepsWhatIsUsed) {
  Ring ring({.keys_max = 1000});
  Standing standing;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    ring.admit(digest_of(i), standing_of(i));
    ring.find(digest_of(i), kNow + std::chrono::seconds(i), standing);
    if (i > 0) ring.find(digest_of(0), kNow + std::chrono::seconds(i), standing);
    ASSERT_LE(ring.size(), 1000u);
  }
  EXPECT_EQ(ring.size(), 1000u);
  EXPECT_EQ(ring.find(digest_of(0), kNow, standing), Ring::Memory::known) << "used all the time";
  EXPECT_LT(ring.memory_bytes(), 1000u * 200);
}

TEST(Ring, UsesAreTakenOnce) {
  Ring ring({});
  ring.admit(digest_of(1), standing_of(1));
  ring.admit(digest_of(2), standing_of(2));
  Standing standing;
  ring.find(digest_of(1), kNow, standing);
  ring.find(digest_of(1), kNow, standing);
  auto uses = ring.take_uses();
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].key, standing_of(1).key());
  EXPECT_EQ(uses[0].used_at, kNow);
  EXPECT_TRUE(ring.take_uses().empty());
}

TEST(Ring, ForgettingATenantForgetsAllItsKeysAndNoOthers) {
  Ring ring({});
  auto mine = standing_of(1);
  for (std::uint64_t i = 0; i < 100; ++i) {
    Standing standing = standing_of(i);
    if (i % 2) standing.tenant = mine.tenant;
    ring.admit(digest_of(i), standing);
  }
  ring.forget_tenant(*mine.tenant);
  Standing standing;
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(ring.find(digest_of(i), kNow, standing) == Ring::Memory::known, i % 2 == 0) << i;
  }
}

TEST(Ring, WhatAKeyIsHeldToIsSharedAndFreedWithIt) {
  std::weak_ptr<domain::Restriction const> forgotten, replaced, kept;
  auto held = [](std::uint64_t number, std::weak_ptr<domain::Restriction const>& watch) {
    auto standing = standing_of(number);
    standing.restriction = std::make_shared<domain::Restriction const>(
        domain::Restriction{.ancestors = {standing_of(number + 100).key()}}
    );
    watch = standing.restriction;
    return standing;
  };
  {
    Ring ring({});
    ring.admit(digest_of(1), held(1, forgotten));
    ring.admit(digest_of(2), held(2, replaced));
    ring.admit(digest_of(3), held(3, kept));
    Standing standing;
    EXPECT_EQ(ring.find(digest_of(3), kNow, standing), Ring::Memory::known);
    EXPECT_EQ(standing.restriction, kept.lock());
    ring.forget(digest_of(1));
    EXPECT_TRUE(forgotten.expired());
    ring.admit(digest_of(2), standing_of(2));
    EXPECT_TRUE(replaced.expired());
    standing = {};
    EXPECT_FALSE(kept.expired());
  }
  EXPECT_TRUE(kept.expired());
}

TEST(Ring, AFamilyIsForgottenWhateverItsDigests) {
  Ring ring({});
  auto parent = standing_of(1);
  auto child = standing_of(2);
  child.restriction =
      std::make_shared<domain::Restriction const>(domain::Restriction{.ancestors = {parent.key()}});
  ring.admit(digest_of(1), parent);
  ring.admit(digest_of(2), child);
  ring.admit(digest_of(3), standing_of(3));
  ring.forget_family(parent.key());
  Standing standing;
  EXPECT_EQ(ring.find(digest_of(1), kNow, standing), Ring::Memory::none);
  EXPECT_EQ(ring.find(digest_of(2), kNow, standing), Ring::Memory::none);
  EXPECT_EQ(ring.find(digest_of(3), kNow, standing), Ring::Memory::known);
}

TEST(Ring, TheTokensOfAGrantAreForgottenWhoeverBearsThem) {
  Ring ring({});
  UuidBytes bytes{};
  auto token = [&](std::uint64_t number, unsigned char grant) {
    auto standing = standing_of(number);
    bytes[0] = grant;
    standing.restriction = std::make_shared<domain::Restriction const>(
        domain::Restriction{.delegation = domain::Delegation{domain::GrantId(bytes), {}}}
    );
    return standing;
  };
  auto of_client = token(3, 1);
  of_client.bearer = domain::GrantId(bytes);
  ring.admit(digest_of(1), token(1, 1));
  ring.admit(digest_of(2), token(2, 2));
  ring.admit(digest_of(3), of_client);
  ring.admit(digest_of(4), standing_of(4));
  bytes[0] = 1;
  std::vector ended{domain::GrantId(bytes)};
  ring.forget_grants(ended);
  Standing standing;
  EXPECT_EQ(ring.find(digest_of(1), kNow, standing), Ring::Memory::none);
  EXPECT_EQ(ring.find(digest_of(2), kNow, standing), Ring::Memory::known);
  EXPECT_EQ(ring.find(digest_of(3), kNow, standing), Ring::Memory::none);
  EXPECT_EQ(ring.find(digest_of(4), kNow, standing), Ring::Memory::known);
}

TEST(Ring, ManyAreForgottenAtOnce) {
  Ring ring({});
  std::vector<domain::KeyDigest> digests;
  for (std::uint64_t i = 0; i < 10; ++i) {
    ring.admit(digest_of(i), standing_of(i));
    if (i < 9) digests.push_back(digest_of(i));
  }
  digests.push_back(digest_of(77));
  ring.forget(digests);
  EXPECT_EQ(ring.size(), 1u);
}

TEST(Ring, WhatWasUnknownIsAskedForAgainWhenAllThatIsForgotten) {
  Ring ring({});
  EXPECT_FALSE(ring.find_or_load(digest_of(1), kNow, []() -> std::optional<Standing> {
    return {};
  }));
  ring.forget_unknown();
  EXPECT_TRUE(ring.find_or_load(digest_of(1), kNow, [] { return standing_of(1); }));
}

TEST(Ring, AKeyTakesLessThan200Bytes) {
  Ring ring({});
  for (std::uint64_t i = 0; i < 100'000; ++i) ring.admit(digest_of(i), standing_of(i));
  EXPECT_LT(ring.memory_bytes(), 100'000u * 200);
}

// A check that begins after the acknowledgement must not accept: 64 threads hammer a key whose
// store record is revoked under them, so that a stale load is the mistake most easily made.
TEST(Ring, Attack9NoAcceptanceAfterTheRevocationIsAcknowledged) {
  Ring ring({.unknown_for = 0s});
  for (int round = 0; round < 30; ++round) {
    auto digest = digest_of(static_cast<std::uint64_t>(round));
    std::atomic<bool> active{true};  // the store's record
    std::atomic<bool> acknowledged{false};
    std::atomic<bool> stop{false};
    std::atomic<int> late{0};
    std::atomic<int> accepted{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] {
        while (!stop) {
          bool after = acknowledged;
          auto standing = ring.find_or_load(digest, kNow, [&]() -> std::optional<Standing> {
            bool good = active;
            std::this_thread::yield();
            return good ? std::optional(standing_of(1)) : std::nullopt;
          });
          if (!standing) continue;
          ++accepted;
          if (after) ++late;
        }
      });
    }
    while (accepted < 100) std::this_thread::yield();
    // Forgetting first makes some threads load while the record is being revoked.
    ring.forget(digest);
    active = false;
    ring.forget(digest);
    acknowledged = true;
    std::this_thread::sleep_for(5ms);
    stop = true;
    threads.clear();
    ASSERT_EQ(late, 0) << "round " << round;
  }
}

TEST(Ring, ReadersAndWritersTogetherStayConsistent) {
  Ring ring({.keys_max = 500});
  std::atomic<bool> stop{false};
  std::vector<std::jthread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      Standing standing;
      for (std::uint64_t n = 0; !stop; n = (n + 1) % 1000) {
        if (ring.find(digest_of(n), kNow, standing) == Ring::Memory::known) {
          ASSERT_EQ(standing.key(), standing_of(n).key());
        }
      }
    });
  }
  for (std::uint64_t n = 0; n < 4000; ++n) {
    ring.admit(digest_of(n % 1000), standing_of(n % 1000));
    if (n % 3 == 0) ring.forget(digest_of((n * 7) % 1000));
    if (n % 500 == 0) ring.take_uses();
  }
  stop = true;
}

}  // namespace
}  // namespace keystead::authn
