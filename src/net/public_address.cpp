#include "net/public_address.hpp"

#include <array>
#include <cstdint>

namespace keystead::net {
namespace {

struct V4Range {
  std::array<unsigned char, 4> first;
  unsigned prefix;
  std::string_view name;
};

constexpr V4Range kV4[] = {
    {{0, 0, 0, 0}, 8, "this network"},
    {{10, 0, 0, 0}, 8, "private"},
    {{100, 64, 0, 0}, 10, "shared by a carrier's customers"},
    {{127, 0, 0, 0}, 8, "loopback"},
    {{168, 63, 129, 16}, 32, "a cloud's own services"},  // Azure's, on every machine there
    {{169, 254, 0, 0}, 16, "link-local"},
    {{172, 16, 0, 0}, 12, "private"},
    {{192, 0, 0, 0}, 24, "protocol assignments"},
    {{192, 0, 2, 0}, 24, "documentation"},
    {{192, 31, 196, 0}, 24, "anycast for reverse names"},
    {{192, 52, 193, 0}, 24, "multicast tunnels"},
    {{192, 88, 99, 0}, 24, "6to4 relays"},
    {{192, 168, 0, 0}, 16, "private"},
    {{192, 175, 48, 0}, 24, "anycast for reverse names"},
    {{198, 18, 0, 0}, 15, "benchmarking"},
    {{198, 51, 100, 0}, 24, "documentation"},
    {{203, 0, 113, 0}, 24, "documentation"},
    {{224, 0, 0, 0}, 4, "multicast"},
    {{240, 0, 0, 0}, 4, "reserved"},  // and broadcast
};

struct V6Range {
  std::array<unsigned char, 8> first;  // no prefix is longer than 64
  unsigned prefix;
  std::string_view name;
};

constexpr V6Range kV6[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0}, 64, "unspecified, loopback or an IPv4 address"},
    {{0x00, 0x64, 0xff, 0x9b}, 32, "translated to IPv4"},  // 64:ff9b::/96 and 64:ff9b:1::/48
    {{0x01, 0x00}, 64, "discarded"},
    {{0x20, 0x01, 0x00}, 23, "protocol assignments"},  // Teredo, benchmarking, ORCHID and others
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"},
    {{0x20, 0x02}, 16, "6to4"},
    {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48, "anycast for reverse names"},
    {{0x3f, 0xff, 0x00}, 20, "documentation"},
    {{0xfc}, 7, "private"},
    {{0xfe, 0x80}, 10, "link-local"},
    {{0xfe, 0xc0}, 10, "site-local"},
    {{0xff}, 8, "multicast"},
};
constexpr std::array<unsigned char, 8> kAllotted{0x20};
constexpr unsigned kAllottedPrefix = 3;

template <std::size_t size>
std::uint64_t first_bits(std::array<unsigned char, size> const& bytes, unsigned count) {
  static_assert(size <= 8);
  std::uint64_t bits = 0;
  for (unsigned char byte : bytes) bits = bits << 8 | byte;
  return bits >> (size * 8 - count);
}

std::string_view why_not_public(std::array<unsigned char, 4> const& address) {
  for (auto const& [first, prefix, name] : kV4) {
    if (first_bits(address, prefix) == first_bits(first, prefix)) return name;
  }
  return {};
}

}  // namespace

std::string_view why_not_public(asio::ip::address const& address) {
  if (address.is_v4()) return why_not_public(address.to_v4().to_bytes());
  std::array<unsigned char, 8> network{};
  auto whole = address.to_v6().to_bytes();
  std::copy_n(whole.begin(), network.size(), network.begin());
  for (auto const& [first, prefix, name] : kV6) {
    if (first_bits(network, prefix) == first_bits(first, prefix)) return name;
  }
  if (first_bits(network, kAllottedPrefix) != first_bits(kAllotted, kAllottedPrefix)) {
    return "not allotted";
  }
  // An interface that is named for the IPv4 address to which its packets are tunnelled (RFC 5214).
  bool isatap = (whole[8] & ~0x03) == 0 && whole[9] == 0 && whole[10] == 0x5e && whole[11] == 0xfe;
  return isatap ? "a tunnel to an IPv4 address" : std::string_view();
}

}  // namespace keystead::net
