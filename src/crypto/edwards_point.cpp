#include "crypto/edwards_point.hpp"

#include <algorithm>
#include <array>

namespace keystead::crypto {
namespace {

using Coordinate = std::array<unsigned char, 32>;  // little-endian, without the sign of x

constexpr Coordinate filled(unsigned char first, unsigned char middle, unsigned char last) {
  Coordinate y{};
  y.fill(middle);
  y.front() = first;
  y.back() = last;
  return y;
}

constexpr Coordinate kPrime = filled(0xed, 0xff, 0x7f);

// By order: 4, 1, 2, and 8 twice. The last two are the square roots of ((1 + d)^(1/2) - 1) / d.
constexpr std::array<Coordinate, 5> kSmallOrder{{
    filled(0, 0, 0),
    filled(1, 0, 0),
    filled(0xec, 0xff, 0x7f),
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
}};

}  // namespace

bool is_sound_ed25519_key(std::string_view x) {
  Coordinate y{};
  if (x.size() != y.size()) return false;
  std::ranges::transform(x, y.begin(), [](char c) { return static_cast<unsigned char>(c); });
  y.back() &= 0x7f;
  bool is_below =
      std::ranges::lexicographical_compare(y.rbegin(), y.rend(), kPrime.rbegin(), kPrime.rend());
  return is_below && std::ranges::find(kSmallOrder, y) == kSmallOrder.end();
}

}  // namespace keystead::crypto
