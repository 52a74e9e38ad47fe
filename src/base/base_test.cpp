#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace keystead {
namespace {

Result<int> half(int number) {
  if (number % 2) return fail(Code::invalid_request, "odd");
  return number / 2;
}
Result<int> quarter(int number) {
  int halved = TRY(half(number));
  return half(halved);
}

TEST(Result, TryGivesTheValueOrReturnsTheFailure) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().public_text, "odd");
}

TEST(Time, FormatsAndReadsRfc3339) {
  for (auto text : {"2026-11-22T16:50:00Z", "1970-01-01T00:00:00Z", "2028-02-29T23:59:59.250Z"}) {
    auto time = parse_time(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_time(*time), text);
  }
  EXPECT_EQ(format_time(*parse_time("2026-11-22T18:50:00.1239+02:00")), "2026-11-22T16:50:00.123Z");
}

TEST(Time, RefusesWhatDoesNotExist) {
  for (auto text :
       {"2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22",
        "2026-11-22T16:50:00",
        "2026-11-22 16:50:00Z",
        "2026-11-22T16:50:00.Z",
        "2026-11-22T16:50:00Z ",
        "2026-11-22T16:50:00+2:00"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(Duration, ReadsANumberWithAUnit) {
  EXPECT_EQ(parse_duration("90s"), std::chrono::seconds(90));
  EXPECT_EQ(parse_duration("30d"), std::chrono::hours(720));
  for (auto text :
       {"", "d", "30", "0s", "-1d", "1.5h", "30 d", "30dd", "99999999999999999999d", "40000d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Id, TextAndBytesAgree) {
  SystemRandom random;
  using TestId = Id<struct TestTag>;
  auto id = TestId::mint(random);
  EXPECT_EQ(TestId::parse(id.text()), id);
  EXPECT_EQ(TestId::from(id.bytes()), id);
  for (auto text :
       {"",
        "x",
        "00000000-0000-0000-0000-00000000000",
        "00000000-0000-0000-0000-00000000000G",
        "00000000-0000-0000-0000-00000000000A",
        "00000000000000000000000000000000----"}) {
    EXPECT_FALSE(TestId::parse(text)) << text;
  }
}

TEST(Id, OrderedIdsSortByTime) {
  SystemRandom random;
  using TestId = Id<struct TestTag>;
  auto early = TestId::mint(random, Time{std::chrono::milliseconds{1'000'000}});
  auto late = TestId::mint(random, Time{std::chrono::milliseconds{1'000'001}});
  EXPECT_LT(early.text(), late.text());
}

TEST(OrderedUuids, EachSortsBehindTheOneBeforeWhateverTheClockDoes) {
  SystemRandom random;
  OrderedUuids ids;
  std::string before;
  for (int i = 0; i < 10'000; ++i) {
    // The clock stands still for long, and steps back now and then.
    Time time{std::chrono::milliseconds{1'000'000 + i / 5000 - i % 7}};
    std::string id = format_uuid(ids.next(random, time));
    ASSERT_LT(before, id);
    ASSERT_EQ(id[14], '7');
    before = id;
  }
}

TEST(Secret, AMovedSecretLeavesNothingBehind) {
  Secret secret("open sesame");
  Secret other = std::move(secret);
  EXPECT_EQ(other.reveal(), "open sesame");
  EXPECT_TRUE(secret.empty());  // NOLINT(bugprone-use-after-move)
}

}  // namespace
}  // namespace keystead
