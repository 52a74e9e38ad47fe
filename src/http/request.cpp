#include "http/request.hpp"

#include <cstdint>
#include <cstring>

namespace keystead::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// Eight characters at once. A byte of `from_a` has its high bit if it is A or above, of `past_z` if
// it is above Z, whatever the bytes beside it are.
std::uint64_t lower_eight(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = kOnes * 0x80;
  std::uint64_t ascii = word & ~kHigh;
  std::uint64_t from_a = ascii + kOnes * (0x80 - 'A');
  std::uint64_t past_z = ascii + kOnes * (0x80 - 'Z' - 1);
  std::uint64_t upper = from_a & ~past_z & ~word & kHigh;
  return word | upper >> 2;
}

bool same_eight(char const* a, char const* b) {
  std::uint64_t left;
  std::uint64_t right;
  std::memcpy(&left, a, sizeof left);
  std::memcpy(&right, b, sizeof right);
  return left == right || lower_eight(left) == lower_eight(right);
}

}  // namespace

bool same_letters(char const* a, char const* b, std::size_t size) {
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i) {
      if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
    }
    return true;
  }
  for (std::size_t i = 0; i + 8 < size; i += 8) {
    if (!same_eight(a + i, b + i)) return false;
  }
  return same_eight(a + size - 8, b + size - 8);
}

std::optional<std::string_view> find_header(Request const& request, std::string_view name) {
  for (Header const& header : request.headers) {
    if (equals_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::size_t count_headers(Request const& request, std::string_view name) {
  std::size_t count = 0;
  for (Header const& header : request.headers) count += equals_ignoring_case(header.name, name);
  return count;
}

}  // namespace keystead::http
