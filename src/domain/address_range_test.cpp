#include "domain/address_range.hpp"

#include <gtest/gtest.h>

namespace keystead::domain {
namespace {

std::string canonical(std::string_view text) {
  auto address = Address::parse(text);
  return address ? address->text() : "refused";
}

std::string range_of(std::string_view text) {
  auto range = AddressRange::parse(text);
  return range ? range->text() : range.error().public_text;
}

bool contains(std::string_view range, std::string_view address) {
  return AddressRange::parse(range).value().contains(Address::parse(address).value_or(Address{}));
}

TEST(Address, HasOneText) {
  EXPECT_EQ(canonical("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(canonical("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(canonical("::"), "::");
  EXPECT_EQ(canonical("::1"), "::1");
  EXPECT_EQ(canonical("1:0:0:2:0:0:0:3"), "1:0:0:2::3");
  EXPECT_EQ(canonical("fe80::1%eth0"), "fe80::1");
}

TEST(Address, AnIpv4AddressWrittenAsIpv6IsThatAddress) {
  for (auto text : {"::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:c000:0201"}) {
    EXPECT_EQ(Address::parse(text), Address::parse("192.0.2.1")) << text;
    EXPECT_EQ(canonical(text), "192.0.2.1");
  }
  EXPECT_NE(Address::parse("::c000:201"), Address::parse("192.0.2.1"));
}

TEST(Address, NothingElseIsRead) {
  using namespace std::string_view_literals;
  for (auto text :
       {""sv,
        "local"sv,
        "192.0.2"sv,
        "192.0.2.256"sv,
        "192.0.2.01"sv,
        "0300.0.2.1"sv,
        "0xc0.0.2.1"sv,
        "3221225985"sv,
        " 192.0.2.1"sv,
        "192.0.2.1 "sv,
        "192.0.2.1\0"sv,
        "192.0.2.1:80"sv,
        "192.0.2.1%eth0"sv,
        "[::1]"sv,
        "::1%lo"sv,
        ":::1"sv,
        "1::2::3"sv,
        "1:2:3:4:5:6:7:8:9"sv,
        "12345::"sv,
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"sv}) {
    EXPECT_EQ(canonical(text), "refused") << text;
  }
}

TEST(Address, OfIpv6ANetworkIsCountedAsOneHost) {
  auto network = [](char const* text) { return Address::parse(text)->network(); };
  EXPECT_EQ(network("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(network("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::"));
  EXPECT_NE(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
}

TEST(AddressRange, HoldsWhatItsPrefixSays) {
  EXPECT_TRUE(contains("203.0.113.0/24", "203.0.113.255"));
  EXPECT_FALSE(contains("203.0.113.0/24", "203.0.114.0"));
  EXPECT_TRUE(contains("10.128.0.0/9", "10.255.1.2"));
  EXPECT_FALSE(contains("10.128.0.0/9", "10.127.255.255"));
  EXPECT_TRUE(contains("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(contains("192.0.2.7", "192.0.2.6"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(contains("0.0.0.0/0", "198.51.100.1"));
  EXPECT_TRUE(contains("::/0", "2001:db8::1"));
}

TEST(AddressRange, Ipv4IsTheSameInBothSpellings) {
  EXPECT_TRUE(contains("203.0.113.0/24", "::ffff:203.0.113.9"));
  EXPECT_TRUE(contains("::ffff:203.0.113.0/120", "203.0.113.9"));
  EXPECT_EQ(
      AddressRange::parse("::ffff:203.0.113.0/120").value(),
      AddressRange::parse("203.0.113.0/24").value()
  );
}

TEST(AddressRange, OneFamilyDoesNotReachIntoTheOther) {
  EXPECT_FALSE(contains("::/0", "203.0.113.9"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
}

TEST(AddressRange, HasOneText) {
  EXPECT_EQ(range_of("203.0.113.0/24"), "203.0.113.0/24");
  EXPECT_EQ(range_of("203.0.113.7/32"), "203.0.113.7");
  EXPECT_EQ(range_of("2001:DB8:0::/32"), "2001:db8::/32");
  EXPECT_EQ(range_of("::1/128"), "::1");
  EXPECT_EQ(range_of("0.0.0.0/0"), "0.0.0.0/0");
}

TEST(AddressRange, SaysWhatIsWrong) {
  EXPECT_EQ(range_of("10.1.2.3/8"), "\"10.1.2.3/8\" has bits set behind its prefix");
  EXPECT_EQ(range_of("2001:db8::1/32"), "\"2001:db8::1/32\" has bits set behind its prefix");
  EXPECT_EQ(range_of("::ffff:0.0.0.0/90"), "\"::ffff:0.0.0.0/90\" is neither IPv4 nor IPv6");
  for (auto text : {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8"}) {
    EXPECT_EQ(
        range_of(text),
        "\"" + std::string(text) + "\" has no prefix length that such an address can have"
    );
  }
  for (auto text : {"", "/8", "example.com", "10.0.0.0-10.0.0.9", "fe80::1%eth0"}) {
    EXPECT_EQ(
        range_of(text),
        "\"" + std::string(text) + "\" is not an address or a range such as 203.0.113.0/24"
    );
  }
}

}  // namespace
}  // namespace keystead::domain
