#include "domain/user.hpp"

#include <gtest/gtest.h>

namespace keystead::domain {
namespace {

TEST(ParseEmail, GivesTheFormInWhichAddressesAreCompared) {
  EXPECT_EQ(parse_email("ada@example.com"), "ada@example.com");
  EXPECT_EQ(parse_email(" \tAda.Lovelace+x@Example.COM\r\n"), "ada.lovelace+x@example.com");
  EXPECT_EQ(parse_email("a@b"), "a@b");
  EXPECT_TRUE(parse_email(std::string(242, 'a') + "@example.com"));
}

TEST(ParseEmail, RefusesWhatIsNotOneAddress) {
  for (auto const& text : {
           std::string(),
           std::string(" "),
           std::string("ada"),
           std::string("@example.com"),
           std::string("ada@"),
           std::string("a@b@c"),
           std::string("a b@example.com"),
           std::string("a@example.com,b@example.com"),
           std::string("a@example.com;b"),
           std::string("Ada <ada@example.com>"),
           std::string("\"a\"@example.com"),
           std::string("a@example.com\r\nBcc: b"),
           std::string("a\0@example.com", 14),
           std::string(243, 'a') + "@example.com",
       }) {
    EXPECT_FALSE(parse_email(text)) << text;
  }
}

TEST(ParseEmail, Attack73LettersThatAMailServerMayFoldAreRefused) {
  EXPECT_FALSE(parse_email("m\xc4\xb1ke@example.com")) << "a dotless i, which is I in capitals";
  EXPECT_FALSE(parse_email("mi\xe2\x84\xaa\x65@example.com")) << "the Kelvin sign";
  EXPECT_FALSE(parse_email("mike@example.com\xff"));
}

}  // namespace
}  // namespace keystead::domain
