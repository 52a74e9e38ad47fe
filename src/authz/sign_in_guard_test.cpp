#include "authz/sign_in_guard.hpp"

#include <atomic>
#include <list>
#include <thread>

#include <gtest/gtest.h>

namespace keystead::authz {
namespace {

using namespace std::chrono_literals;

class SignInGuardTest : public testing::Test {
 protected:
  bool may_try(std::string_view account, std::string_view from) {
    return !guard_.try_now(account, from, now_);
  }
  // How many wrong tries of `count` are looked at.
  int tries(std::string_view account, std::string_view from, int count) {
    int looked_at = 0;
    for (int i = 0; i < count; ++i) {
      if (!may_try(account, from)) continue;
      ++looked_at;
      guard_.note_failure(from, now_);
    }
    return looked_at;
  }
  void sign_in(std::string_view account, std::string_view from) {
    ASSERT_TRUE(may_try(account, from));
    guard_.note_success(account, from, now_);
  }

  SystemRandom random_;
  SignInGuard guard_{{}, random_};
  Instant now_{1000h};
};

TEST_F(SignInGuardTest, Attack109ThePasswordAloneMakesNoAddressFamiliar) {
  int looked_at = 0;
  for (int host = 1; host < 200; ++host) {
    auto from = "198.51.100." + std::to_string(host);
    if (guard_.try_now("ada@example.com", from, now_)) continue;
    guard_.take_back("ada@example.com", from, now_);  // the password is right
    looked_at += tries("ada@example.com", from, 1);   // and the code is wrong
  }
  EXPECT_EQ(looked_at, 10);
}

TEST_F(SignInGuardTest, Attack109AnAccountHasTenTriesWhereverTheyComeFrom) {
  int looked_at = 0;
  for (int host = 1; host < 200; ++host) {
    looked_at += tries("ada@example.com", "198.51.100." + std::to_string(host), 1);
  }
  EXPECT_EQ(looked_at, 10);
  EXPECT_TRUE(may_try("grace@example.com", "198.51.100.1"));
  now_ += 15min;
  EXPECT_EQ(tries("ada@example.com", "203.0.113.9", 100), 10);
}

TEST_F(SignInGuardTest, Attack109AStrangerLocksNobodyOut) {
  sign_in("ada@example.com", "192.0.2.1");
  EXPECT_EQ(tries("ada@example.com", "198.51.100.1", 100), 10);
  EXPECT_FALSE(may_try("ada@example.com", "198.51.100.2"));
  EXPECT_EQ(tries("ada@example.com", "192.0.2.1", 100), 10) << "and has no more tries than others";
}

TEST_F(SignInGuardTest, Attack109OneAddressTriesAHundredTimesInAll) {
  int looked_at = 0;
  for (int number = 0; number < 500; ++number) {
    looked_at += tries("user" + std::to_string(number) + "@example.com", "198.51.100.1", 1);
  }
  EXPECT_EQ(looked_at, 100);
}

TEST_F(SignInGuardTest, WhoSucceedsHasLostNoTry) {
  for (int i = 0; i < 100; ++i) sign_in("ada@example.com", "192.0.2.1");
}

TEST_F(SignInGuardTest, ManyAtOnceAreNoMoreThanOneAfterAnother) {
  std::atomic<int> looked_at = 0;
  {
    std::list<std::jthread> threads;
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] {
        if (may_try("ada@example.com", "198.51.100.1")) ++looked_at;
      });
    }
  }
  EXPECT_EQ(looked_at, 10);
}

TEST_F(SignInGuardTest, SaysHowLongToWait) {
  tries("ada@example.com", "198.51.100.1", 10);
  EXPECT_EQ(guard_.try_now("ada@example.com", "198.51.100.1", now_), 90s);
}

}  // namespace
}  // namespace keystead::authz
