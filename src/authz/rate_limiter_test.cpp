#include "authz/rate_limiter.hpp"

#include <atomic>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>

namespace keystead::authz {
namespace {

using namespace std::chrono_literals;

constexpr Instant kNow{1000h};

template <class Id>
Id id_of(std::uint64_t number) {
  UuidBytes bytes{};
  std::memcpy(bytes.data() + 8, &number, sizeof number);
  return Id(bytes);
}
domain::KeyId key(std::uint64_t number) {
  return id_of<domain::KeyId>(number);
}
std::optional<domain::TenantId> tenant(std::uint64_t number) {
  return id_of<domain::TenantId>(number);
}

std::string policy_field(RateLimitVerdict const& verdict) {
  std::string out;
  append_rate_limit_policy(out, verdict);
  return out;
}
std::string limit_field(RateLimitVerdict const& verdict) {
  std::string out;
  append_rate_limit(out, verdict);
  return out;
}

// How many of `attempts` calls are allowed at one moment.
int allowed(RateLimiter& limiter, int attempts, Instant now, domain::KeyId const& caller = key(1)) {
  int count = 0;
  for (int i = 0; i < attempts; ++i) {
    count += limiter.take(caller, tenant(1), "tasks_list", now).is_allowed();
  }
  return count;
}

TEST(RateLimiter, WithoutLimitsEverythingIsAllowed) {
  RateLimiter limiter({});
  EXPECT_TRUE(limiter.is_idle());
  EXPECT_LE(limiter.memory_bytes(), 128u);
  auto verdict = limiter.take(key(1), tenant(1), "tasks_list", kNow);
  EXPECT_TRUE(verdict.is_allowed());
  EXPECT_TRUE(verdict.quotas().empty());
}

TEST(RateLimiter, AFullBucketMayBeUsedAtOnceAndRefillsEvenly) {
  RateLimiter limiter({.key = RateLimit{10, 10s}});
  EXPECT_EQ(allowed(limiter, 20, kNow), 10);
  EXPECT_EQ(allowed(limiter, 20, kNow + 999ms), 0);
  EXPECT_EQ(allowed(limiter, 20, kNow + 1s), 1);
  EXPECT_EQ(allowed(limiter, 20, kNow + 4500ms), 3);
  EXPECT_EQ(allowed(limiter, 20, kNow + 5s), 1) << "half a call was left over";
  EXPECT_EQ(allowed(limiter, 20, kNow + 1h), 10) << "never more than full";
}

TEST(RateLimiter, KeysDoNotShareABucket) {
  RateLimiter limiter({.key = RateLimit{10, 10s}});
  EXPECT_EQ(allowed(limiter, 20, kNow, key(1)), 10);
  EXPECT_EQ(allowed(limiter, 20, kNow, key(2)), 10);
}

TEST(RateLimiter, TheKeysOfATenantShareItsBucket) {
  RateLimiter limiter({.key = RateLimit{10, 10s}, .tenant = RateLimit{15, 10s}});
  EXPECT_EQ(allowed(limiter, 20, kNow, key(1)), 10);
  EXPECT_EQ(allowed(limiter, 20, kNow, key(2)), 5);
  EXPECT_TRUE(limiter.take(key(2), tenant(2), {}, kNow).is_allowed());
  EXPECT_TRUE(limiter.take(key(3), std::nullopt, {}, kNow).is_allowed()) << "a key of no tenant";
}

TEST(RateLimiter, TheFirstPatternThatMatchesAToolCountsForEachOfThem) {
  RateLimiter limiter(
      {.tools = {{"reports_daily", {1, 1min}}, {"reports_*", {2, 1min}}, {"*_delete", {3, 1min}}}}
  );
  auto count = [&](std::uint64_t caller, std::string_view tool) {
    int granted = 0;
    for (int i = 0; i < 9; ++i) {
      granted += limiter.take(key(caller), tenant(1), tool, kNow).is_allowed();
    }
    return granted;
  };
  EXPECT_EQ(count(1, "reports_daily"), 1);
  EXPECT_EQ(count(1, "reports_weekly"), 2);
  EXPECT_EQ(count(1, "reports_monthly"), 2);
  EXPECT_EQ(count(1, "tasks_delete"), 3);
  EXPECT_EQ(count(1, "tasks_list"), 9);
  EXPECT_EQ(count(1, ""), 9) << "not a tool";
  EXPECT_EQ(count(2, "reports_daily"), 1);
}

TEST(RateLimiter, ARefusedCallTakesFromNoBucket) {
  RateLimiter limiter(
      {.key = RateLimit{10, 10s}, .tenant = RateLimit{20, 10s}, .tools = {{"slow", {1, 10s}}}}
  );
  EXPECT_TRUE(limiter.take(key(1), tenant(1), "slow", kNow).is_allowed());
  for (int i = 0; i < 50; ++i) {
    auto verdict = limiter.take(key(1), tenant(1), "slow", kNow);
    ASSERT_EQ(verdict.refused_by, "tool");
    ASSERT_EQ(limit_field(verdict), R"("key";r=9;t=1, "tenant";r=19;t=1, "tool";r=0;t=10)");
  }
  EXPECT_EQ(allowed(limiter, 20, kNow), 9);
}

TEST(RateLimiter, TheLongestWaitIsTheOneThatIsNamed) {
  RateLimiter limiter({.key = RateLimit{1, 10s}, .tenant = RateLimit{1, 1h}});
  EXPECT_TRUE(limiter.take(key(1), tenant(1), {}, kNow).is_allowed());
  auto verdict = limiter.take(key(1), tenant(1), {}, kNow + 1s);
  EXPECT_EQ(verdict.refused_by, "tenant");
  EXPECT_EQ(verdict.retry_after, 3599s);
  verdict = limiter.take(key(1), tenant(2), {}, kNow + 1s);
  EXPECT_EQ(verdict.refused_by, "key");
  EXPECT_EQ(verdict.retry_after, 9s);
}

TEST(RateLimiter, RetryAfterIsRoundedUpAndEnough) {
  RateLimiter limiter({.key = RateLimit{600, 1min}});
  EXPECT_EQ(allowed(limiter, 1000, kNow), 600);
  auto verdict = limiter.take(key(1), tenant(1), {}, kNow);
  EXPECT_EQ(verdict.retry_after, 1s) << "a call comes back every 100 ms";
  EXPECT_EQ(allowed(limiter, 1000, kNow + verdict.retry_after), 10);
  EXPECT_EQ(limiter.take(key(1), tenant(1), {}, kNow + 1h).retry_after, 0s);
}

TEST(RateLimiter, TellsTheFieldsOfTheDraft) {
  RateLimiter limiter({.key = RateLimit{600, 1min}, .tenant = RateLimit{3, 1h}});
  auto verdict = limiter.take(key(1), tenant(1), {}, kNow);
  EXPECT_EQ(policy_field(verdict), R"("key";q=600;w=60, "tenant";q=3;w=3600)");
  EXPECT_EQ(limit_field(verdict), R"("key";r=599;t=1, "tenant";r=2;t=1200)");
  verdict = limiter.take(key(2), tenant(1), {}, kNow + 10min);
  EXPECT_EQ(limit_field(verdict), R"("key";r=599;t=1, "tenant";r=1;t=600)");
}

TEST(RateLimiter, Attack95AnEarlierReadingOfTheClockGivesNothing) {
  static_assert(Instant::clock::is_steady);
  RateLimiter limiter({.key = RateLimit{10, 10s}});
  EXPECT_EQ(allowed(limiter, 20, kNow), 10);
  EXPECT_EQ(allowed(limiter, 20, kNow - 5s), 0);
  EXPECT_EQ(allowed(limiter, 20, kNow), 0);
  EXPECT_EQ(allowed(limiter, 20, kNow + 1s), 1);
}

// Each node counts for itself, as the header says: two of them allow twice the limit, not more.
TEST(RateLimiter, Attack105TwoNodesAllowTwiceALimit) {
  RateLimiter one({.key = RateLimit{10, 10s}}), other({.key = RateLimit{10, 10s}});
  EXPECT_EQ(allowed(one, 100, kNow) + allowed(other, 100, kNow), 20);
}

// All 64 begin at once with a caller that has no bucket yet.
template <class Call>
void with_64_threads(Call call) {
  std::atomic<bool> go{false};
  std::vector<std::jthread> threads;
  threads.reserve(64);
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&, i] {
      while (!go) std::this_thread::yield();
      call(i);
    });
  }
  go = true;
}

TEST(RateLimiter, SixtyFourThreadsGetExactlyWhatThereIs) {
  for (int round = 0; round < 10; ++round) {
    RateLimiter limiter({.key = RateLimit{1000, 1min}});
    std::atomic<int> granted{0};
    with_64_threads([&](int) { granted += allowed(limiter, 100, kNow); });
    EXPECT_EQ(granted, 1000);
  }
}

TEST(RateLimiter, SixtyFourThreadsThatAreRefusedByOneBucketLeaveTheOthers) {
  for (int round = 0; round < 10; ++round) {
    RateLimiter limiter({.key = RateLimit{5000, 1min}, .tenant = RateLimit{1000, 1min}});
    std::atomic<int> granted{0};
    with_64_threads([&](int) { granted += allowed(limiter, 100, kNow); });
    EXPECT_EQ(granted, 1000);
    auto verdict = limiter.take(key(1), tenant(2), {}, kNow);
    EXPECT_EQ(verdict.quotas().front().remaining, 5000u - 1000 - 1)
        << "what was taken was given back";
  }
}

TEST(RateLimiter, ACallerInTheMiddleOfItsQuotaKeepsItsPlaceAmongIdleOnes) {
  RateLimiter limiter({.key = RateLimit{10, 10s}, .buckets_max = 8});
  EXPECT_EQ(limiter.memory_bytes(), 128u);
  EXPECT_EQ(allowed(limiter, 20, kNow), 10);
  // One after the other come and are quiet again; the one that is exhausted is never forgotten.
  for (std::uint64_t i = 2; i < 1000; ++i) {
    ASSERT_TRUE(limiter.take(key(i), tenant(1), {}, kNow + i * 1ms).is_allowed());
  }
  EXPECT_EQ(allowed(limiter, 20, kNow + 999ms), 0);
}

TEST(RateLimiter, ThreadsThatTakePlacesFromEachOtherAreCountedToo) {
  // More callers than places: what is asserted is that everybody gets at least a full bucket, and
  // ThreadSanitizer asserts the rest.
  RateLimiter limiter({.key = RateLimit{10, 1h}, .buckets_max = 8});
  with_64_threads([&](int i) {
    int granted = 0;
    for (int j = 0; j < 200; ++j) {
      auto caller = key(static_cast<std::uint64_t>(i) * 1000 + static_cast<std::uint64_t>(j));
      granted += allowed(limiter, 1, kNow, caller);
    }
    EXPECT_EQ(granted, 200);
  });
}

}  // namespace
}  // namespace keystead::authz
