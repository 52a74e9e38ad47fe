#include "domain/address_range.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

namespace keystead::domain {
namespace {

constexpr unsigned kBits = 128;
constexpr unsigned kBitsBeforeV4 = 96;
constexpr std::array<unsigned char, 12> kV4Prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_link_local(std::array<unsigned char, 16> const& bytes) {
  return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

// The bits of byte `at` that belong to a prefix.
unsigned char mask_of(unsigned prefix, std::size_t at) {
  unsigned left = prefix - std::min(prefix, static_cast<unsigned>(at) * 8);
  return left >= 8 ? 0xff : static_cast<unsigned char>(0xff00u >> left);
}

std::unexpected<Failure> bad(std::string_view text, std::string_view why) {
  return fail(Code::invalid_request, "\"" + std::string(text) + "\" " + std::string(why));
}

std::optional<unsigned> parse_bits(std::string_view text, unsigned max) {
  unsigned bits = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc{} || end != text.data() + text.size() || bits > max) return std::nullopt;
  return bits;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  std::size_t zone = text.find('%');
  std::string_view digits = text.substr(0, zone);
  char terminated[kTextMax + 1];
  if (digits.size() > kTextMax || digits.contains('\0')) return std::nullopt;
  terminated[digits.copy(terminated, kTextMax)] = '\0';

  Address address;
  if (!digits.contains(':')) {
    std::ranges::copy(kV4Prefix, address.bytes_.begin());
    bool good = ::inet_pton(AF_INET, terminated, address.bytes_.data() + kV4Prefix.size()) == 1;
    if (!good || zone != std::string_view::npos) return std::nullopt;
    return address;
  }
  if (::inet_pton(AF_INET6, terminated, address.bytes_.data()) != 1) return std::nullopt;
  if (zone != std::string_view::npos && !is_link_local(address.bytes_)) return std::nullopt;
  return address;
}

bool Address::is_v4() const {
  return std::memcmp(bytes_.data(), kV4Prefix.data(), kV4Prefix.size()) == 0;
}

std::string Address::text() const {
  char text[kTextMax + 1];
  if (is_v4())
    ::inet_ntop(AF_INET, bytes_.data() + kV4Prefix.size(), text, sizeof text);
  else
    ::inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
  return text;
}

std::string Address::network() const {
  constexpr std::size_t kNetworkBytes = 8;
  if (is_v4()) return text();
  Address network(*this);
  std::fill(network.bytes_.begin() + kNetworkBytes, network.bytes_.end(), '\0');
  return network.text() + "/64";
}

Result<AddressRange> AddressRange::parse(std::string_view text) {
  std::size_t slash = text.find('/');
  std::string_view digits = text.substr(0, slash);
  auto address = Address::parse(digits);
  if (!address || digits.contains('%')) {
    return bad(text, "is not an address or a range such as 203.0.113.0/24");
  }
  unsigned prefix = kBits;
  if (slash != std::string_view::npos) {
    // ::ffff:192.0.2.0/120 counts the bits of IPv6 although it is a range of IPv4.
    unsigned skipped = digits.contains(':') ? 0 : kBitsBeforeV4;
    auto bits = parse_bits(text.substr(slash + 1), kBits - skipped);
    if (!bits) return bad(text, "has no prefix length that such an address can have");
    prefix = skipped + *bits;
    if (address->is_v4() && prefix < kBitsBeforeV4) return bad(text, "is neither IPv4 nor IPv6");
  }
  for (std::size_t at = 0; at < address->bytes().size(); ++at) {
    if ((address->bytes()[at] & ~mask_of(prefix, at)) != 0) {
      return bad(text, "has bits set behind its prefix");
    }
  }
  return AddressRange(*address, prefix);
}

bool AddressRange::contains(Address const& address) const {
  if (address.is_v4() != first_.is_v4()) return false;
  for (std::size_t at = 0; at < address.bytes().size(); ++at) {
    if (((address.bytes()[at] ^ first_.bytes()[at]) & mask_of(prefix_, at)) != 0) return false;
  }
  return true;
}

std::string AddressRange::text() const {
  std::string text = first_.text();
  if (prefix_ == kBits) return text;
  return text + "/" + std::to_string(first_.is_v4() ? prefix_ - kBitsBeforeV4 : prefix_);
}

}  // namespace keystead::domain
