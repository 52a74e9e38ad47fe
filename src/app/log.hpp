// The log: one JSON object on a line of stderr for each event. The names of events and fields are
// literals of the program; values may come from anywhere, and nothing in them can end a line, forge
// a field or steer a terminal.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"

namespace spdlog::sinks {
class sink;  // NOLINT(readability-identifier-naming)
}

namespace keystead::app::log {

enum class Level { debug, info, warn, error };

class Value {
 public:
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(std::string const& text) : value_(text) {}
  Value(char const* text) : value_(std::string(text)) {}
  Value(bool truth) : value_(truth) {}
  Value(std::integral auto number) : value_(static_cast<std::int64_t>(number)) {}

  std::variant<std::string, std::int64_t, bool> const& get() const { return value_; }

 private:
  std::variant<std::string, std::int64_t, bool> value_;
};

struct Field {
  std::string_view name;
  Value value;
};
using Fields = std::initializer_list<Field>;

// {"time":"2026-11-22T16:50:00.250Z","level":"info","event":"key.created","key":"…"} without the
// end of the line. Control and direction characters are escaped, bytes that are not UTF-8 become
// U+FFFD, and a value beyond 4 KiB is cut.
std::string render(Time time, Level level, std::string_view event, Fields fields);

// Events of any thread; they are dropped while there is no Output, and below its level. Never waits
// for the disk or the terminal.
void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warn(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

// Where events go while it exists: one at a time in a process, made by main before the first thread
// and ended after the last, which writes what is waiting. Its own thread writes; when more than
// `queue_max` events wait, the oldest are lost and a later log.dropped event says how many.
class Output {
 public:
  struct Options {
    Level level = Level::info;
    std::size_t queue_max = 8192;
  };
  Output(Options options, Clock const& clock);  // to stderr
  Output(Options options, Clock const& clock, std::shared_ptr<spdlog::sinks::sink> sink);
  ~Output();
  Output(Output const&) = delete;
  Output& operator=(Output const&) = delete;

  void level(Level level);  // changes it, from any thread
  std::uint64_t dropped() const;

  void write(Level level, std::string_view event, Fields fields);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace keystead::app::log
