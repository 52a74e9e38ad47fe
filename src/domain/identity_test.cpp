#include "domain/identity.hpp"

#include <gtest/gtest.h>

namespace keystead::domain {
namespace {

TEST(Identity, KeepsBothPartsByteByByte) {
  auto identity = Identity::make("https://issuer.example/", "User_1 \xc3\xa9");
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->issuer(), "https://issuer.example/");
  EXPECT_EQ(identity->subject(), "User_1 \xc3\xa9");
  EXPECT_NE(*identity, *Identity::make("https://issuer.example", "User_1 \xc3\xa9"));
  EXPECT_NE(*identity, *Identity::make("https://issuer.example/", "user_1 \xc3\xa9"));
}

TEST(Identity, IsOfLimitedSize) {
  std::string issuer(512, 'i'), subject(256, 's');
  EXPECT_TRUE(Identity::make(issuer, subject));
  EXPECT_FALSE(Identity::make(issuer + "i", subject));
  EXPECT_FALSE(Identity::make(issuer, subject + "s"));
  EXPECT_FALSE(Identity::make("", subject));
  EXPECT_FALSE(Identity::make(issuer, ""));
  EXPECT_FALSE(ExternalTenant::make(issuer, subject + "s"));
  EXPECT_FALSE(ExternalTenant::make(issuer, ""));
}

TEST(Identity, Attack38WhatIsNoTextNamesNobody) {
  for (auto const& text : {std::string("a\0b", 3), std::string("a\n"), std::string("\xff")}) {
    EXPECT_FALSE(Identity::make("i", text));
    EXPECT_FALSE(Identity::make(text, "s"));
    EXPECT_FALSE(ExternalTenant::make("i", text));
  }
}

}  // namespace
}  // namespace keystead::domain
