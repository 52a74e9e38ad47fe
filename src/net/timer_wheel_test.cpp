#include "net/timer_wheel.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace keystead::net {
namespace {

struct Bell final : TimerWheel::Entry {
  Bell(TimerWheel& wheel, std::string& log, char name) : wheel(wheel), log(log), name(name) {}
  ~Bell() { wheel.remove(*this); }
  void on_due() override { log += name + std::to_string(wheel.now()) + " "; }
  TimerWheel& wheel;
  std::string& log;
  char name;
};

struct Wheel : ::testing::Test {
  void advance_to(TimerWheel::Tick end) {
    while (wheel.now() < end) wheel.advance(wheel.now() + 1);
  }
  TimerWheel wheel;
  std::string log;
  Bell a{wheel, log, 'a'};
  Bell b{wheel, log, 'b'};
};

TEST_F(Wheel, RingsOnceWhenTheTimeHasCome) {
  wheel.set(a, 5);
  wheel.set(b, 3);
  advance_to(20);
  EXPECT_EQ(log, "b3 a5 ");
}

TEST_F(Wheel, TheLastSettingCounts) {
  wheel.set(a, 5);
  wheel.set(a, 9);
  wheel.set(b, 9);
  wheel.set(b, 5);
  advance_to(20);
  EXPECT_EQ(log, "b5 a9 ");
}

TEST_F(Wheel, TimesBeyondItsTurnAreKept) {
  wheel.set(a, 2000);
  wheel.set(b, TimerWheel::kNever);
  advance_to(5000);
  EXPECT_EQ(log, "a2000 ");
}

TEST_F(Wheel, ALateAdvanceRingsWhatWasMissed) {
  wheel.set(a, 5);
  wheel.set(b, 700);
  wheel.advance(1000);
  EXPECT_EQ(log, "a5 b700 ");
}

TEST_F(Wheel, WhatWasRemovedIsSilent) {
  wheel.set(a, 5);
  wheel.set(b, 5);
  wheel.remove(a);
  wheel.remove(a);
  advance_to(20);
  EXPECT_EQ(log, "b5 ");
}

}  // namespace
}  // namespace keystead::net
