#include "codec/cbor.hpp"

#include <gtest/gtest.h>

namespace keystead::codec {
namespace {

using namespace std::string_literals;

TEST(Cbor, VectorsOfRfc8949) {
  EXPECT_EQ(Cbor::parse("\x00"s)->integer(), 0);
  EXPECT_EQ(Cbor::parse("\x17"s)->integer(), 23);
  EXPECT_EQ(Cbor::parse("\x18\x18"s)->integer(), 24);
  EXPECT_EQ(Cbor::parse("\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00"s)->integer(), 1'000'000'000'000);
  EXPECT_EQ(Cbor::parse("\x38\x63"s)->integer(), -100);
  EXPECT_EQ(Cbor::parse("\x39\x03\xe7"s)->integer(), -1000);
  EXPECT_EQ(Cbor::parse("\x44\x01\x02\x03\x04"s)->bytes(), "\x01\x02\x03\x04"s);
  EXPECT_EQ(Cbor::parse("\x62\xc3\xbc"s)->text(), "ü");
  EXPECT_FALSE(Cbor::parse("\x62\xc3\xbc"s)->bytes());
  EXPECT_FALSE(Cbor::parse("\xf5"s)->integer());
  EXPECT_TRUE(Cbor::parse("\xa0"s)->is_map());
}

TEST(Cbor, ValuesAreFoundByTheirKeys) {
  std::string bytes = "\xa3\x01\x02\x20\x83\x01\x02\x03\x61\x61\x41\x7a"s;
  auto map = Cbor::parse(bytes);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->find(1)->integer(), 2);
  EXPECT_TRUE(map->find(-1));
  EXPECT_EQ(map->find("a")->bytes(), "z");
  EXPECT_FALSE(map->find(2));
  EXPECT_FALSE(map->find(1)->find(1)) << "a number has no members";
}

TEST(Cbor, TheItemInFrontIsTakenAndTheRestStays) {
  std::string bytes = "\x41zrest"s;
  std::string_view rest = bytes;
  EXPECT_EQ(Cbor::take(rest)->bytes(), "z");
  EXPECT_EQ(rest, "rest");
}

TEST(Cbor, Attack84WhatTwoReadersCouldReadInTwoWaysIsRefused) {
  for (auto const& bytes :
       {""s,
        "\x18\x17"s,  // longer than it must be
        "\x19\x00\xff"s,
        "\x1a\x00\x00\xff\xff"s,
        "\x1b\x00\x00\x00\x00\xff\xff\xff\xff"s,
        "\x58\x01z"s,
        "\x1b\xff\xff\xff\xff\xff\xff\xff\xff"s,  // no 64-bit number
        "\x3b\xff\xff\xff\xff\xff\xff\xff\xff"s,
        "\x5f\x41z\xff"s,  // indefinite lengths
        "\x9f\xff"s,
        "\xbf\xff"s,
        "\x1c"s,
        "\xa2\x01\x02\x01\x03"s,  // a key twice
        "\xa2\x61\x61\x02\x61\x61\x03"s,
        "\xa1\xf5\x01"s,  // a key of another kind
        "\xa1\x41\x61\x01"s,
        "\xc0\x61\x61"s,  // a tag
        "\xf9\x3c\x00"s,  // a fraction
        "\xf7"s,
        "\xf8\xff"s,
        "\x61\xff"s,  // no UTF-8
        "\x42z"s,     // too short
        "\x82\x01"s,
        "\x00\x00"s}) {  // something behind it
    EXPECT_FALSE(Cbor::parse(bytes)) << testing::PrintToString(bytes);
  }
}

TEST(Cbor, Attack85DepthAndNumberHaveLimits) {
  EXPECT_TRUE(Cbor::parse(std::string(7, '\x81') + "\x01"));
  EXPECT_FALSE(Cbor::parse(std::string(8, '\x81') + "\x01"));
  EXPECT_TRUE(Cbor::parse("\x98\xff"s + std::string(255, '\x01')));
  EXPECT_FALSE(Cbor::parse("\x99\x01\x00"s + std::string(256, '\x01')));
  EXPECT_FALSE(Cbor::parse("\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"s)) << "a count is no memory";
}

}  // namespace
}  // namespace keystead::codec
