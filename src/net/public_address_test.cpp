#include "net/public_address.hpp"

#include <gtest/gtest.h>

namespace keystead::net {
namespace {

std::string_view judge(char const* text) {
  return why_not_public(asio::ip::make_address(text));
}

TEST(PublicAddress, Attack66WhatIsNotOpenToTheInternetIsNamed) {
  struct Row {
    char const* address;
    std::string_view name;
  };
  for (auto const& [address, name] : {
           Row{"0.0.0.0", "this network"},
           Row{"0.255.255.255", "this network"},
           Row{"10.0.0.0", "private"},
           Row{"10.255.255.255", "private"},
           Row{"100.64.0.0", "shared by a carrier's customers"},
           Row{"100.100.100.200", "shared by a carrier's customers"},
           Row{"100.127.255.255", "shared by a carrier's customers"},
           Row{"127.0.0.1", "loopback"},
           Row{"127.255.255.255", "loopback"},
           Row{"168.63.129.16", "a cloud's own services"},
           Row{"169.254.0.1", "link-local"},
           Row{"169.254.169.254", "link-local"},
           Row{"172.16.0.0", "private"},
           Row{"172.31.255.255", "private"},
           Row{"192.0.0.1", "protocol assignments"},
           Row{"192.0.0.192", "protocol assignments"},
           Row{"192.0.2.1", "documentation"},
           Row{"192.31.196.1", "anycast for reverse names"},
           Row{"192.52.193.1", "multicast tunnels"},
           Row{"192.88.99.1", "6to4 relays"},
           Row{"192.168.0.0", "private"},
           Row{"192.168.255.255", "private"},
           Row{"192.175.48.1", "anycast for reverse names"},
           Row{"198.18.0.0", "benchmarking"},
           Row{"198.19.255.255", "benchmarking"},
           Row{"198.51.100.7", "documentation"},
           Row{"203.0.113.255", "documentation"},
           Row{"224.0.0.1", "multicast"},
           Row{"239.255.255.250", "multicast"},
           Row{"240.0.0.0", "reserved"},
           Row{"255.255.255.255", "reserved"},
           Row{"::", "unspecified, loopback or an IPv4 address"},
           Row{"::1", "unspecified, loopback or an IPv4 address"},
           Row{"::127.0.0.1", "unspecified, loopback or an IPv4 address"},
           Row{"::ffff:127.0.0.1", "unspecified, loopback or an IPv4 address"},
           Row{"::ffff:8.8.8.8", "unspecified, loopback or an IPv4 address"},
           Row{"::ffff:0:8.8.8.8", "unspecified, loopback or an IPv4 address"},
           Row{"64:ff9b::7f00:1", "translated to IPv4"},
           Row{"64:ff9b::808:808", "translated to IPv4"},
           Row{"64:ff9b:1::a00:1", "translated to IPv4"},
           Row{"100::1", "discarded"},
           Row{"100:0:0:1::1", "not allotted"},
           Row{"1fff:ffff::1", "not allotted"},
           Row{"2001::1", "protocol assignments"},
           Row{"2001:0:7f00:1::", "protocol assignments"},
           Row{"2001:2::1", "protocol assignments"},
           Row{"2001:10::1", "protocol assignments"},
           Row{"2001:20::1", "protocol assignments"},
           Row{"2001:1ff:ffff::1", "protocol assignments"},
           Row{"2001:db8::1", "documentation"},
           Row{"2001:db8:ffff:ffff::1", "documentation"},
           Row{"2002:7f00:1::", "6to4"},
           Row{"2002:808:808::1", "6to4"},
           Row{"2620:4f:8000::1", "anycast for reverse names"},
           Row{"2606:4700::5efe:7f00:1", "a tunnel to an IPv4 address"},
           Row{"2606:4700::200:5efe:10.0.0.1", "a tunnel to an IPv4 address"},
           Row{"3fff::1", "documentation"},
           Row{"3fff:fff:ffff::1", "documentation"},
           Row{"4000::1", "not allotted"},
           Row{"5f00::1", "not allotted"},
           Row{"fbff::1", "not allotted"},
           Row{"fc00::1", "private"},
           Row{"fd00:ec2::254", "private"},
           Row{"fdff:ffff::1", "private"},
           Row{"fe00::1", "not allotted"},
           Row{"fe80::1", "link-local"},
           Row{"fe80::1%1", "link-local"},
           Row{"febf:ffff::1", "link-local"},
           Row{"fec0::1", "site-local"},
           Row{"feff::1", "site-local"},
           Row{"ff02::1", "multicast"},
           Row{"ffff::1", "multicast"},
       }) {
    EXPECT_EQ(judge(address), name) << address;
  }
}

TEST(PublicAddress, TheRestIsPublic) {
  for (auto address : {"1.0.0.0",        "1.1.1.1",         "8.8.8.8",
                       "9.255.255.255",  "11.0.0.0",        "100.63.255.255",
                       "100.128.0.0",    "126.255.255.255", "128.0.0.0",
                       "168.63.129.17",  "169.253.255.255", "169.255.0.0",
                       "172.15.255.255", "172.32.0.0",      "192.0.1.0",
                       "192.0.3.0",      "192.167.255.255", "192.169.0.0",
                       "198.17.255.255", "198.20.0.0",      "198.51.99.255",
                       "203.0.114.0",    "223.255.255.255", "2001:200::1",
                       "2001:db7::1",    "2001:db9::1",     "2001:4860:4860::8888",
                       "2003::1",        "2606:4700::1111", "2620:4f:8001::1",
                       "2a00:1450::1",   "3ffe:ffff::1",    "3fff:1000::1"}) {
    EXPECT_EQ(judge(address), "") << address;
  }
}

}  // namespace
}  // namespace keystead::net
