#include "authz/rate_limit.hpp"

#include <gtest/gtest.h>

namespace keystead::authz {
namespace {

using namespace std::chrono_literals;

std::string read_back(std::string_view text) {
  auto limit = RateLimit::parse(text);
  return limit ? limit->text() : limit.error().public_text;
}

TEST(RateLimit, IsReadAndWritten) {
  EXPECT_EQ(RateLimit::parse("600/1m").value(), (RateLimit{600, 60s}));
  EXPECT_EQ(RateLimit::parse("10/s").value(), (RateLimit{10, 1s}));
  EXPECT_EQ(read_back("600/1m"), "600/1m");
  EXPECT_EQ(read_back("600/60s"), "600/1m");
  EXPECT_EQ(read_back("10/s"), "10/1s");
  EXPECT_EQ(read_back("5/90s"), "5/90s");
  EXPECT_EQ(read_back("1000/1h"), "1000/1h");
  EXPECT_EQ(read_back("1000/36h"), "1000/36h");
  EXPECT_EQ(read_back("1/w"), "1/7d");
  EXPECT_EQ(read_back("1000000000/s"), "1000000000/1s");
}

TEST(RateLimit, SaysWhatIsWrong) {
  for (auto text :
       {"",
        "600",
        "/1m",
        "600/",
        "600/1x",
        "600/0s",
        "-1/1m",
        "+1/1m",
        "6e2/1m",
        "600 / 1m",
        "600/1m ",
        "600/m1",
        "600/1m/1m",
        "none"}) {
    EXPECT_EQ(read_back(text), "\"" + std::string(text) + "\" is not a rate limit such as 600/1m");
  }
  EXPECT_EQ(read_back("0/1m"), "\"0/1m\" allows no call at all");
  for (auto text : {"1000000001/1m", "99999999999999999999999/1m"}) {
    EXPECT_EQ(read_back(text), "\"" + std::string(text) + "\" allows more than 1000000000 calls");
  }
  EXPECT_EQ(read_back("1/367d"), "\"1/367d\" counts over more than 366 days");
}

TEST(Pace, CountsWholeCalls) {
  Pace pace({60, 60s});
  EXPECT_EQ(pace.remaining(0s), 60u);
  EXPECT_EQ(pace.remaining(1ns), 59u);
  EXPECT_EQ(pace.remaining(1s), 59u);
  EXPECT_EQ(pace.remaining(59s), 1u);
  EXPECT_EQ(pace.remaining(60s), 0u);
  EXPECT_TRUE(pace.affords(59s));
  EXPECT_FALSE(pace.affords(59s + 1ns));
  EXPECT_EQ(pace.wait(0s), 0s);
  EXPECT_EQ(pace.wait(1s), 1s);
  EXPECT_EQ(pace.wait(1500ms), 500ms);
  EXPECT_EQ(pace.wait(60s), 1s);
  EXPECT_EQ(pace.wait(100s), 41s) << "a bucket may lack more than it holds";
}

TEST(Pace, NeverAllowsMoreThanItSays) {
  for (RateLimit limit :
       {RateLimit{7, 60s}, RateLimit{1'000'000'000, 1s}, RateLimit{3, 366 * 24h}}) {
    Pace pace(limit);
    EXPECT_GE(pace.capacity, limit.per);
    EXPECT_LT(pace.capacity, limit.per + std::chrono::nanoseconds(limit.calls));
    EXPECT_EQ(pace.remaining(0s), limit.calls);
  }
}

}  // namespace
}  // namespace keystead::authz
