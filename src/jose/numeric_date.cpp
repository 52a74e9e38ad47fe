#include "jose/numeric_date.hpp"

#include <cmath>
#include <cstdint>

#include <boost/json/value.hpp>

namespace keystead::jose {
namespace {

// Every number of JSON up to here is exact for every reader (RFC 8259 §6), and in milliseconds it
// fits into a Time.
constexpr std::int64_t kSecondsMax = (std::int64_t{1} << 53) - 1;

}  // namespace

std::optional<Time> read_numeric_date(boost::json::value const& value) {
  if (auto const* integer = value.if_int64()) {
    if (*integer < 0 || *integer > kSecondsMax) return std::nullopt;
    return Time(std::chrono::seconds(*integer));
  }
  auto const* real = value.if_double();
  if (!real || !(*real >= 0 && *real <= static_cast<double>(kSecondsMax))) return std::nullopt;
  double whole = std::floor(*real);
  auto milliseconds = static_cast<std::int64_t>((*real - whole) * 1000);
  return Time(std::chrono::seconds(static_cast<std::int64_t>(whole))) +
         std::chrono::milliseconds(milliseconds);
}

}  // namespace keystead::jose
