#include <gtest/gtest.h>

#include "codec/base32.hpp"
#include "codec/base64url.hpp"
#include "codec/crc32.hpp"
#include "codec/percent.hpp"
#include "codec/utf8.hpp"

namespace keystead::codec {
namespace {

TEST(Base64url, VectorsOfRfc4648WithoutPadding) {
  EXPECT_EQ(base64url_encode(""), "");
  EXPECT_EQ(base64url_encode("f"), "Zg");
  EXPECT_EQ(base64url_encode("fo"), "Zm8");
  EXPECT_EQ(base64url_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url_encode("\xfb\xff"), "-_8");
  EXPECT_EQ(base64url_decode("Zm9vYmFy"), "foobar");
}

TEST(Base64url, Attack32OnlyTheCanonicalTextDecodes) {
  for (auto text : {"Zg==", "Zh", "Zm9=", "Z", "Zm9v Zg", "Zm+v", "Zm/v", "Zg\n"}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
}

TEST(Base32, VectorsOfRfc4648WithoutPadding) {
  EXPECT_EQ(base32_encode(""), "");
  EXPECT_EQ(base32_encode("f"), "MY");
  EXPECT_EQ(base32_encode("foob"), "MZXW6YQ");
  EXPECT_EQ(base32_encode("foobar"), "MZXW6YTBOI");
}

TEST(Crc32, CheckValue) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926u);
}

TEST(Percent, DecodesAndRefusesBrokenEscapes) {
  EXPECT_EQ(percent_decode("a%20b+c", Plus::as_plus), "a b+c");
  EXPECT_EQ(percent_decode("a%20b+c", Plus::as_space), "a b c");
  for (auto text : {"%", "%4", "%zz", "%00", "%ff", "%c0%af"}) {
    EXPECT_FALSE(percent_decode(text, Plus::as_plus)) << text;
  }
  EXPECT_EQ(percent_encode("a/b é"), "a%2Fb%20%C3%A9");
}

TEST(Percent, PairsKeepOrderAndDuplicates) {
  auto pairs = parse_pairs("a=1&b=&a=2&c");
  ASSERT_TRUE(pairs);
  ASSERT_EQ(pairs->size(), 4u);
  EXPECT_EQ((*pairs)[2].second, "2");
  EXPECT_EQ((*pairs)[3].first, "c");
  EXPECT_FALSE(parse_pairs("a=1&b=2&c=3", 2));
}

TEST(Utf8, RefusesOverlongSurrogatesAndTooLarge) {
  EXPECT_TRUE(is_utf8("aé€😀"));
  for (auto text :
       {"\x80",
        "\xc0\xaf",
        "\xe0\x80\xaf",
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xe2\x82",
        "\xff"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

}  // namespace
}  // namespace keystead::codec
