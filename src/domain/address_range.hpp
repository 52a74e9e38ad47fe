// Where a request comes from: an IP address, and ranges of them for allow-lists and trusted peers.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace keystead::domain {

// An IPv4 or IPv6 address without port. An IPv4 address that is written as IPv6 (::ffff:192.0.2.1)
// is that IPv4 address: a dual-stack socket shows its peers in that way.
class Address {
 public:
  static constexpr std::size_t kTextMax = 45;

  // Nothing for anything but one address: no port, no brackets, no octal digits. The zone of a
  // link-local address (fe80::1%eth0) is passed over: it names an interface of ours.
  static std::optional<Address> parse(std::string_view text);

  std::string text() const;  // RFC 5952; IPv4 with dots
  // Whom a quota counts: an IPv4 address, or the /64 of an IPv6 address, all of which one host may
  // have.
  std::string network() const;
  bool is_v4() const;
  std::array<unsigned char, 16> const& bytes() const { return bytes_; }

  friend auto operator<=>(Address const&, Address const&) = default;

 private:
  std::array<unsigned char, 16> bytes_{};  // IPv4 as ::ffff:0:0/96
};

// 203.0.113.0/24, 2001:db8::/32, or one address.
class AddressRange {
 public:
  // Code::invalid_request names the text and what is wrong with it: among others bits behind the
  // prefix, which tell that another range was meant.
  static Result<AddressRange> parse(std::string_view text);

  // An IPv6 range holds no IPv4 address, not even ::/0.
  bool contains(Address const& address) const;
  bool contains(AddressRange const& other) const {
    return prefix_ <= other.prefix_ && contains(other.first_);
  }
  std::string text() const;  // the address as Address writes it; /32 and /128 are left out

  friend bool operator==(AddressRange const&, AddressRange const&) = default;

 private:
  AddressRange(Address const& first, unsigned prefix) : first_(first), prefix_(prefix) {}

  Address first_;
  unsigned prefix_;  // bits of Address::bytes(), so 96 more than is written for IPv4
};

}  // namespace keystead::domain
