// The clock is an input. Expiry is judged by wall time; intervals are measured by the steady clock
// of the loop that needs them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace keystead {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  // Safe from any thread.
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now()
    );
  }
};

// RFC 3339 in UTC with milliseconds where they are not zero: 2026-11-22T16:50:00Z,
// 2026-11-22T16:50:00.250Z.
std::string format_time(Time time);

// Reads RFC 3339 with an offset or Z; a fraction beyond milliseconds is cut off. Nothing for text
// that is not exactly that, or that names a day or an hour that does not exist.
std::optional<Time> parse_time(std::string_view text);

// Reads a length of time such as 90s, 15m, 12h, 30d, 2w. Nothing for anything else, for zero and
// for more than 100 years.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace keystead
