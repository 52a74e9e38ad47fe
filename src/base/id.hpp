// Identifiers that cannot be mistaken for one another: 16 bytes, written as a UUID.
#pragma once

#include <array>
#include <atomic>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace keystead {

using UuidBytes = std::array<unsigned char, 16>;

UuidBytes random_uuid(Random& random);                       // version 4, RFC 9562
UuidBytes ordered_uuid(Random& random, Time time);           // version 7: sorts by millisecond
std::string format_uuid(UuidBytes const& bytes);             // 36 characters, lower case
std::optional<UuidBytes> parse_uuid(std::string_view text);  // exactly that form, lower case only

// Ids of version 7 that each sort behind the one before, also within a millisecond and when the
// clock steps back (RFC 9562 §6.2, method 1). Safe from any thread.
class OrderedUuids {
 public:
  UuidBytes next(Random& random, Time time);

 private:
  std::atomic<std::uint64_t> last_{0};  // milliseconds, then 12 bits of counter
};

template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(UuidBytes const& bytes) : bytes_(bytes) {}

  static Id mint(Random& random) { return Id(random_uuid(random)); }
  static Id mint(Random& random, Time time) { return Id(ordered_uuid(random, time)); }
  static std::optional<Id> parse(std::string_view text) {
    auto bytes = parse_uuid(text);
    if (!bytes) return std::nullopt;
    return Id(*bytes);
  }
  // REQUIRES: bytes.size() == 16.
  static Id from(std::span<unsigned char const> bytes) {
    UuidBytes copy{};
    std::memcpy(copy.data(), bytes.data(), copy.size());
    return Id(copy);
  }

  std::string text() const { return format_uuid(bytes_); }
  std::span<unsigned char const, 16> bytes() const { return bytes_; }

  friend auto operator<=>(Id const&, Id const&) = default;

 private:
  UuidBytes bytes_{};
};

}  // namespace keystead

template <class Tag>
struct std::hash<keystead::Id<Tag>> {
  std::size_t operator()(keystead::Id<Tag> const& id) const noexcept {
    std::size_t value;
    std::memcpy(&value, id.bytes().data() + 8, sizeof value);
    return value;
  }
};
