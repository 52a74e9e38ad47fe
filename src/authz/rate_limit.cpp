#include "authz/rate_limit.hpp"

#include <charconv>

#include "base/clock.hpp"

namespace keystead::authz {
namespace {

// So many calls in the shortest time that can be written are one a nanosecond.
constexpr std::uint32_t kCallsMax = 1'000'000'000;
constexpr std::chrono::days kPerMax{366};

std::unexpected<Failure> bad(std::string_view text, std::string_view why) {
  return fail(Code::invalid_request, "\"" + std::string(text) + "\" " + std::string(why));
}

}  // namespace

Result<RateLimit> RateLimit::parse(std::string_view text) {
  std::size_t slash = text.find('/');
  std::string per(slash == std::string_view::npos ? "" : text.substr(slash + 1));
  if (per.size() == 1) per.insert(0, "1");
  auto length = parse_duration(per);
  std::string_view digits = text.substr(0, slash);
  std::uint64_t calls = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), calls);
  if (!length || error == std::errc::invalid_argument || end != digits.data() + digits.size()) {
    return bad(text, "is not a rate limit such as 600/1m");
  }
  if (error == std::errc::result_out_of_range || calls > kCallsMax) {
    return bad(text, "allows more than 1000000000 calls");
  }
  if (calls == 0) return bad(text, "allows no call at all");
  if (*length > kPerMax) return bad(text, "counts over more than 366 days");
  return RateLimit{static_cast<std::uint32_t>(calls), *length};
}

std::string RateLimit::text() const {
  auto count = per.count();
  char unit = 's';
  for (auto [next, size] : {std::pair{'m', 60}, {'h', 60}, {'d', 24}}) {
    if (count % size != 0) break;
    count /= size;
    unit = next;
  }
  return std::to_string(calls) + "/" + std::to_string(count) + unit;
}

Pace::Pace(RateLimit const& limit)
    // Rounded up, so that no window ever sees more than is allowed.
    : call((std::chrono::nanoseconds(limit.per).count() + limit.calls - 1) / limit.calls),
      capacity(call * limit.calls) {}

std::uint32_t Pace::remaining(std::chrono::nanoseconds debt) const {
  if (debt >= capacity) return 0;
  return static_cast<std::uint32_t>((capacity - debt) / call);
}

std::chrono::nanoseconds Pace::wait(std::chrono::nanoseconds debt) const {
  if (debt <= std::chrono::nanoseconds{0}) return std::chrono::nanoseconds{0};
  return debt - (capacity - call * (std::int64_t{remaining(debt)} + 1));
}

}  // namespace keystead::authz
