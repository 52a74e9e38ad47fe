#include "authz/address_guard.hpp"

#include <atomic>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>

namespace keystead::authz {
namespace {

using namespace std::chrono_literals;

constexpr Instant kNow{1000h};
constexpr std::uint64_t kGood = 0x0123456789abcdef;   // a word of a good credential's digest
constexpr std::uint64_t kOther = 0xfedcba9876543210;  // of another good one

domain::Address at(std::string_view text) {
  return domain::Address::parse(text).value_or(domain::Address{});
}
// One of 2^32 networks of one IPv6 customer.
domain::Address network(std::uint32_t number) {
  char text[domain::Address::kTextMax];
  std::snprintf(text, sizeof text, "2001:db8:%x:%x::1", number >> 16, number & 0xffff);
  return at(text);
}

class AddressGuardTest : public testing::Test {
 protected:
  // The gate in short: whether the credential would be looked at.
  bool is_looked_at(AddressGuard& guard, domain::Address const& from, std::uint64_t credential) {
    return !guard.is_exhausted(from, now_) || guard.is_familiar(from, credential, now_);
  }
  // How many of `attempts` wrong credentials are looked at.
  int guesses(AddressGuard& guard, domain::Address const& from, int attempts) {
    int count = 0;
    for (int i = 0; i < attempts; ++i) {
      if (!is_looked_at(guard, from, static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15u)) continue;
      guard.note_failure(from, now_);
      ++count;
    }
    return count;
  }

  SystemRandom random_;
  Instant now_ = kNow;
};

TEST_F(AddressGuardTest, Attack12GuessingFromOneAddressIsSlow) {
  AddressGuard guard({}, random_);
  EXPECT_EQ(guesses(guard, at("192.0.2.1"), 1000), 60);
  EXPECT_EQ(guard.retry_after(at("192.0.2.1"), now_), 1s);
  now_ += 1s;
  EXPECT_EQ(guesses(guard, at("192.0.2.1"), 1000), 1);
  EXPECT_EQ(guesses(guard, at("192.0.2.2"), 1), 1) << "another address goes on";
  EXPECT_EQ(guard.retry_after(at("192.0.2.2"), now_), 0s);
}

TEST_F(AddressGuardTest, Attack12ARightGuessFromAnExhaustedAddressIsNotLookedAt) {
  AddressGuard guard({}, random_);
  guesses(guard, at("192.0.2.1"), 60);
  EXPECT_FALSE(is_looked_at(guard, at("192.0.2.1"), kGood));
  // Nor one that is good elsewhere.
  guard.note_success(at("192.0.2.9"), kGood, now_);
  EXPECT_FALSE(is_looked_at(guard, at("192.0.2.1"), kGood));
  now_ += 1s;
  EXPECT_TRUE(is_looked_at(guard, at("192.0.2.1"), kGood));
}

TEST_F(AddressGuardTest, ACredentialThatWasGoodFromThereGoesOn) {
  AddressGuard guard({}, random_);
  guard.note_success(at("192.0.2.1"), kGood, now_);
  now_ += 23h;
  EXPECT_EQ(guesses(guard, at("192.0.2.1"), 1000), 60);
  EXPECT_TRUE(is_looked_at(guard, at("192.0.2.1"), kGood));
  EXPECT_FALSE(is_looked_at(guard, at("192.0.2.1"), kOther));
}

TEST_F(AddressGuardTest, ACredentialThatWasNotUsedForLongIsNotFamiliar) {
  AddressGuard guard({}, random_);
  guard.note_success(at("192.0.2.1"), kGood, now_);
  guard.note_success(at("192.0.2.1"), kOther, now_);
  now_ += 23h;
  guard.note_success(at("192.0.2.1"), kOther, now_);
  now_ += 1h;
  EXPECT_FALSE(guard.is_familiar(at("192.0.2.1"), kGood, now_));
  EXPECT_TRUE(guard.is_familiar(at("192.0.2.1"), kOther, now_)) << "used again meanwhile";
}

TEST_F(AddressGuardTest, Attack12ManyAddressesOfOneNetworkAreOne) {
  AddressGuard guard({}, random_);
  EXPECT_EQ(guesses(guard, at("2001:db8:1:2::1"), 1000), 60);
  EXPECT_EQ(guesses(guard, at("2001:db8:1:2:ffff:ffff:ffff:ffff"), 1000), 0);
  EXPECT_EQ(guesses(guard, at("2001:db8:1:3::1"), 1000), 60);
  EXPECT_EQ(guesses(guard, at("192.0.2.1"), 1000), 60);
  EXPECT_EQ(guesses(guard, at("::ffff:192.0.2.1"), 1000), 0) << "the same IPv4 address";
  EXPECT_EQ(guesses(guard, at("192.0.2.2"), 1000), 60) << "IPv4 addresses are not grouped";
}

TEST_F(AddressGuardTest, Attack12GuessesThatWereUnderWayTogetherArePaidFor) {
  AddressGuard guard({}, random_);
  // All of them found the address good before the first failed.
  for (int i = 0; i < 600; ++i) guard.note_failure(at("192.0.2.1"), now_);
  EXPECT_EQ(guard.retry_after(at("192.0.2.1"), now_), 541s);
  now_ += 540s;
  EXPECT_EQ(guesses(guard, at("192.0.2.1"), 1000), 0);
  now_ += 1s;
  EXPECT_EQ(guesses(guard, at("192.0.2.1"), 1000), 1);
}

TEST_F(AddressGuardTest, Attack12AFloodOfAddressesDoesNotMakeAnExhaustedOneForgotten) {
  AddressGuard guard({.addresses_max = 64}, random_);
  EXPECT_EQ(guesses(guard, at("192.0.2.1"), 1000), 60);
  for (std::uint32_t i = 0; i < 10'000; ++i) guesses(guard, network(i), 1);
  EXPECT_EQ(guesses(guard, at("192.0.2.1"), 1000), 0);
}

TEST_F(AddressGuardTest, Attack12AnyNumberOfAddressesGuessesNoFasterThanTheTableHolds) {
  AddressGuard guard({.addresses_max = 64}, random_);
  int total = 0;
  for (std::uint32_t i = 0; i < 2'000; ++i) total += guesses(guard, network(i), 70);
  EXPECT_LE(total, 64 * 60);
  // Who has been here before goes on; who has not waits with the others.
  guard.note_success(at("192.0.2.1"), kGood, now_);
  EXPECT_TRUE(is_looked_at(guard, at("192.0.2.1"), kGood));
  now_ += 1min;
  EXPECT_TRUE(is_looked_at(guard, at("192.0.2.1"), kOther));
}

TEST_F(AddressGuardTest, WithoutALimitNobodyIsExhausted) {
  AddressGuard guard({.failures = std::nullopt}, random_);
  EXPECT_EQ(guesses(guard, at("192.0.2.1"), 1000), 1000);
  guard.note_success(at("192.0.2.1"), kGood, now_);
  EXPECT_EQ(guard.retry_after(at("192.0.2.1"), now_), 0s);
  EXPECT_LE(guard.memory_bytes(), 128u);
}

TEST_F(AddressGuardTest, TheNewestPairsAreKeptWhereThereIsNoRoomForAll) {
  AddressGuard guard({.familiar_max = 4}, random_);
  for (std::uint64_t i = 1; i <= 8; ++i) {
    guard.note_success(at("192.0.2.1"), i * kGood, now_);
    now_ += 1min;
  }
  for (std::uint64_t i = 1; i <= 8; ++i) {
    EXPECT_EQ(guard.is_familiar(at("192.0.2.1"), i * kGood, now_), i > 4) << i;
  }
}

TEST_F(AddressGuardTest, Attack12SixtyFourThreadsGuessNoMoreThanOne) {
  AddressGuard guard({.failures = RateLimit{1000, 1h}}, random_);
  guard.note_success(at("192.0.2.1"), kGood, now_);
  std::atomic<int> total{0};
  {
    std::vector<std::jthread> threads;
    threads.reserve(64);
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] {
        total += guesses(guard, at("192.0.2.1"), 200);
        guard.note_success(at("192.0.2.1"), kGood, now_);
        EXPECT_TRUE(is_looked_at(guard, at("192.0.2.1"), kGood));
      });
    }
  }
  EXPECT_LT(total, 1000 + 64) << "each thread had at most one under way";
  EXPECT_GE(total, 1000);
  auto paid = now_ + std::chrono::seconds(total * 36 / 10 + 1);
  EXPECT_FALSE(guard.is_exhausted(at("192.0.2.1"), paid - 3600s + 4s));
}

}  // namespace
}  // namespace keystead::authz
