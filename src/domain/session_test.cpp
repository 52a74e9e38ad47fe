#include "domain/session.hpp"

#include <gtest/gtest.h>

namespace keystead::domain {
namespace {

TEST(ShortenUserAgent, Attack108LeavesPrintableTextOfLimitedSize) {
  EXPECT_EQ(shorten_user_agent("Mozilla/5.0 (X11)"), "Mozilla/5.0 (X11)");
  EXPECT_EQ(shorten_user_agent(std::string("a\0\n\x1b\x7f\xff", 6)), "a?????");
  EXPECT_EQ(shorten_user_agent(std::string(5000, 'a')), std::string(200, 'a'));
  EXPECT_EQ(shorten_user_agent(""), "");
}

}  // namespace
}  // namespace keystead::domain
