// How many calls are allowed in how much time, as configuration says it: 600/1m. A bucket holds
// `calls` and refills evenly: all of them may be used at once, and a full bucket comes back in
// `per`.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace keystead::authz {

// Limits are intervals, so they are measured by the steady clock: a step of the wall clock neither
// fills a bucket nor empties one.
using Instant = std::chrono::steady_clock::time_point;

struct RateLimit {
  std::uint32_t calls;
  std::chrono::seconds per;

  // 600/1m, 1000/12h, or 10/s for 10/1s. Code::invalid_request for anything else, and for more than
  // 1000000000 calls or 366 days.
  static Result<RateLimit> parse(std::string_view text);
  std::string text() const;  // what parse reads, in the largest unit that fits: 600/1m

  friend bool operator==(RateLimit const&, RateLimit const&) = default;
};

// The same as a bucket counts. What a bucket lacks is kept as the time that it needs to be full
// again, its debt: one number, which the passing of time pays.
struct Pace {
  explicit Pace(RateLimit const& limit);

  std::chrono::nanoseconds call;      // the debt of one call
  std::chrono::nanoseconds capacity;  // the debt of an empty bucket

  bool affords(std::chrono::nanoseconds debt) const { return debt + call <= capacity; }
  std::uint32_t remaining(std::chrono::nanoseconds debt) const;
  // Until there is one call more than remaining(debt); zero if the bucket is full.
  std::chrono::nanoseconds wait(std::chrono::nanoseconds debt) const;
};

}  // namespace keystead::authz
