#include "domain/tenant.hpp"

#include <gtest/gtest.h>

namespace keystead::domain {
namespace {

TEST(SlugOf, KeepsLettersAndDigitsAndJoinsTheRestByHyphens) {
  EXPECT_EQ(slug_of("acme"), "acme");
  EXPECT_EQ(slug_of("Acme Corp"), "acme-corp");
  EXPECT_EQ(slug_of("  Acme -- Corp!  "), "acme-corp");
  EXPECT_EQ(slug_of("R2-D2"), "r2-d2");
  EXPECT_EQ(slug_of("a/b\\c..d"), "a-b-c-d");
  EXPECT_EQ(slug_of(std::string("a\0b", 3)), "a-b");
}

TEST(SlugOf, TakesTheAccentsOffLatinLetters) {
  EXPECT_EQ(slug_of("Café Ñandú"), "cafe-nandu");
  EXPECT_EQ(slug_of("Cafe\u0301"), "cafe") << "a combining accent";
  EXPECT_EQ(slug_of("Straße"), "strasse");
  EXPECT_EQ(slug_of("Ærø & Œuvre"), "aero-oeuvre");
  EXPECT_EQ(slug_of("Łódź Škoda Țară Đà Nẵng"), "lodz-skoda-tara-da-nang");
  EXPECT_EQ(slug_of("2×3"), "2-3");
}

TEST(SlugOf, GivesANameWhereNothingIsLeft) {
  EXPECT_EQ(slug_of(""), "tenant");
  EXPECT_EQ(slug_of("!!!"), "tenant");
  EXPECT_EQ(slug_of("日本 🎉"), "tenant");
  EXPECT_EQ(slug_of("\xff\xc3"), "tenant");
  EXPECT_EQ(slug_of("a\xc3"), "a") << "UTF-8 that was cut off";
  EXPECT_EQ(slug_of("\xe0\xa4xy"), "xy") << "what follows is not swallowed";
}

TEST(SlugOf, IsALabelOfAtMost63Bytes) {
  EXPECT_EQ(slug_of(std::string(100, 'a')), std::string(63, 'a'));
  EXPECT_EQ(slug_of(std::string(62, 'a') + " b"), std::string(62, 'a'));
  EXPECT_EQ(slug_of(std::string(62, 'a') + "ß"), std::string(62, 'a') + "s");
}

}  // namespace
}  // namespace keystead::domain
