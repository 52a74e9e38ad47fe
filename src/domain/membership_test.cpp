#include "domain/membership.hpp"

#include <gtest/gtest.h>

namespace keystead::domain {
namespace {

TEST(Role, HasOneNameEach) {
  for (auto name : {"owner", "admin", "member", "read-only"}) {
    auto role = parse_role(name);
    ASSERT_TRUE(role) << name;
    EXPECT_EQ(name_of(*role), name);
  }
  for (auto name : {"", "Owner", "read_only", "owner ", "org:admin", "ownerx"}) {
    EXPECT_FALSE(parse_role(name)) << name;
  }
}

TEST(Role, TheyStandInTheOrderOfWhatTheyMay) {
  EXPECT_LT(Role::read_only, Role::member);
  EXPECT_LT(Role::member, Role::admin);
  EXPECT_LT(Role::admin, Role::owner);
}

}  // namespace
}  // namespace keystead::domain
