#include "base/id.hpp"

#include <algorithm>

namespace keystead {
namespace {

void stamp(UuidBytes& bytes, unsigned char version) {
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | (version << 4));
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
}

constexpr bool is_dash(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

}  // namespace

UuidBytes random_uuid(Random& random) {
  UuidBytes bytes{};
  random.fill(bytes);
  stamp(bytes, 4);
  return bytes;
}

namespace {

// RFC 9562 §5.7: 48 bits of milliseconds, and 12 bits that go on counting within one of them.
UuidBytes version_7(Random& random, std::uint64_t milliseconds, std::uint64_t count) {
  UuidBytes bytes{};
  random.fill(bytes);
  for (int i = 5; i >= 0; --i, milliseconds >>= 8) {
    bytes[static_cast<std::size_t>(i)] = static_cast<unsigned char>(milliseconds);
  }
  bytes[6] = static_cast<unsigned char>(count >> 8);
  bytes[7] = static_cast<unsigned char>(count);
  stamp(bytes, 7);
  return bytes;
}

std::uint64_t milliseconds_of(Time time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

}  // namespace

UuidBytes ordered_uuid(Random& random, Time time) {
  return version_7(random, milliseconds_of(time), 0);
}

UuidBytes OrderedUuids::next(Random& random, Time time) {
  std::uint64_t now = milliseconds_of(time) << 12;
  std::uint64_t before = last_.load();
  std::uint64_t mine;
  do mine = std::max(now, before + 1);
  while (!last_.compare_exchange_weak(before, mine));
  return version_7(random, mine >> 12, mine & 0xFFF);
}

std::string format_uuid(UuidBytes const& bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  // Where the two digits of each byte stand: 8-4-4-4-12 of them with dashes between.
  constexpr std::array<unsigned char, 16> kPlaces{
      0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34
  };
  std::string text(36, '-');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[kPlaces[i]] = kHex[bytes[i] >> 4];
    text[kPlaces[i] + 1u] = kHex[bytes[i] & 15];
  }
  return text;
}

std::optional<UuidBytes> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  UuidBytes bytes{};
  std::size_t nibble = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (is_dash(at)) {
      if (c != '-') return std::nullopt;
      continue;
    }
    int value;
    if (c >= '0' && c <= '9')
      value = c - '0';
    else if (c >= 'a' && c <= 'f')
      value = c - 'a' + 10;
    else
      return std::nullopt;
    auto& byte = bytes[nibble / 2];
    byte = static_cast<unsigned char>(nibble % 2 ? byte | value : value << 4);
    ++nibble;
  }
  return bytes;
}

}  // namespace keystead
