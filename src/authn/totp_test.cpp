#include "authn/totp.hpp"

#include <gtest/gtest.h>

namespace keystead::authn {
namespace {

Secret const kSecret("12345678901234567890");

Time at_second(std::int64_t second) {
  return Time(std::chrono::seconds(second));
}
std::string code_at(std::int64_t second) {
  return totp_code(kSecret, totp_step(at_second(second)));
}

// RFC 6238 appendix B; six digits are the last of its eight.
TEST(Totp, VectorsOfRfc6238) {
  EXPECT_EQ(code_at(59), "287082");
  EXPECT_EQ(code_at(1111111109), "081804");
  EXPECT_EQ(code_at(1111111111), "050471");
  EXPECT_EQ(code_at(1234567890), "005924");
  EXPECT_EQ(code_at(2000000000), "279037");
  EXPECT_EQ(code_at(20000000000), "353130");
}

TEST(Totp, AStepEitherSideIsAccepted) {
  constexpr std::int64_t kNow = 1111111109;
  auto match = [](std::int64_t second) {
    return match_totp(kSecret, code_at(second), at_second(kNow), 0).has_value();
  };
  EXPECT_TRUE(match(kNow));
  EXPECT_TRUE(match(kNow - 30));
  EXPECT_TRUE(match(kNow + 30));
  EXPECT_FALSE(match(kNow - 60));
  EXPECT_FALSE(match(kNow + 60));
  for (auto code : {"", "08180", "0818040", "081805", "08180a"}) {
    EXPECT_FALSE(match_totp(kSecret, code, at_second(kNow), 0)) << code;
  }
}

TEST(Totp, AStepThatWasUsedIsOver) {
  auto now = at_second(1111111109);
  auto step = match_totp(kSecret, code_at(1111111109), now, 0);
  ASSERT_EQ(step, totp_step(now));
  EXPECT_FALSE(match_totp(kSecret, code_at(1111111109), now, *step));
  EXPECT_FALSE(match_totp(kSecret, code_at(1111111109 - 30), now, *step)) << "nor one before it";
  EXPECT_TRUE(match_totp(kSecret, code_at(1111111109 + 30), now, *step));
}

TEST(Totp, AppsReadTheUri) {
  EXPECT_EQ(
      totp_uri(kSecret, "Harbor Tasks", "ada@example.com").reveal(),
      "otpauth://totp/Harbor%20Tasks:ada%40example.com"
      "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Harbor%20Tasks"
  );
}

}  // namespace
}  // namespace keystead::authn
