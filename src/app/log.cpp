#include "app/log.hpp"

#include <array>
#include <atomic>
#include <cassert>
#include <cstdio>
#include <utility>

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "codec/utf8.hpp"

namespace keystead::app::log {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warn", "error"};
constexpr std::size_t kValueMax = 4096;

// What a log cannot do without: events come from everywhere in app, so the Output is not passed
// along with each of them.
std::atomic<Output*> current_output = nullptr;

std::size_t character_size(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return 4;
}

// Line separators and the characters that reverse the order of text on a screen, besides the
// control characters.
bool must_be_escaped(unsigned point) {
  return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x061c ||
         (point >= 0x200e && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

// REQUIRES: one character in UTF-8 of at most three bytes.
unsigned point_of(std::string_view character) {
  auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(character[i]));
  };
  if (character.size() == 1) return byte(0);
  if (character.size() == 2) return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
  return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
}

void append_character(std::string& out, std::string_view character) {
  if (character == "\"" || character == "\\") out += '\\';
  // None of those that must be escaped has four bytes.
  unsigned point = character.size() < 4 ? point_of(character) : 0xffff;
  if (!must_be_escaped(point)) {
    out += character;
    return;
  }
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", point);
  out += text;
}

void append_text(std::string& out, std::string_view text) {
  bool is_cut = text.size() > kValueMax;
  std::size_t end = is_cut ? kValueMax : text.size();
  out += '"';
  for (std::size_t at = 0; at < end;) {
    auto lead = static_cast<unsigned char>(text[at]);
    std::string_view character = text.substr(at, character_size(lead));
    if (codec::is_utf8(character)) {
      append_character(out, character);
      at += character.size();
    } else {
      out += "\xEF\xBF\xBD";  // U+FFFD
      ++at;
    }
  }
  if (is_cut) out += "…";
  out += '"';
}

void append_value(std::string& out, Value const& value) {
  if (auto const* text = std::get_if<std::string>(&value.get())) {
    append_text(out, *text);
  } else if (auto const* number = std::get_if<std::int64_t>(&value.get())) {
    out += std::to_string(*number);
  } else {
    out += std::get<bool>(value.get()) ? "true" : "false";
  }
}

void append_member(std::string& out, std::string_view name, Value const& value) {
  out += out.size() == 1 ? "" : ",";
  append_text(out, name);
  out += ':';
  append_value(out, value);
}

// With milliseconds always, so that lines sort and align.
std::string log_time(Time time) {
  std::string text = format_time(time);
  if (!text.contains('.')) text.insert(text.size() - 1, ".000");
  return text;
}

void write_to_current(Level level, std::string_view event, Fields fields) {
  if (Output* output = current_output.load(std::memory_order_acquire)) {
    output->write(level, event, fields);
  }
}

}  // namespace

std::string render(Time time, Level level, std::string_view event, Fields fields) {
  std::string line = "{";
  append_member(line, "time", log_time(time));
  append_member(line, "level", kLevelNames[static_cast<std::size_t>(level)]);
  append_member(line, "event", event);
  for (Field const& field : fields) append_member(line, field.name, field.value);
  return line + "}";
}

void debug(std::string_view event, Fields fields) {
  write_to_current(Level::debug, event, fields);
}
void info(std::string_view event, Fields fields) {
  write_to_current(Level::info, event, fields);
}
void warn(std::string_view event, Fields fields) {
  write_to_current(Level::warn, event, fields);
}
void error(std::string_view event, Fields fields) {
  write_to_current(Level::error, event, fields);
}

struct Output::Inside {
  Inside(Options options, Clock const& clock_in, spdlog::sink_ptr sink_in)
      : clock(clock_in),
        least(options.level),
        queue_max(options.queue_max),
        sink(std::move(sink_in)),
        pool(std::make_shared<spdlog::details::thread_pool>(options.queue_max, 1)) {
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    logger = std::make_shared<spdlog::async_logger>(
        "keystead", sink, pool, spdlog::async_overflow_policy::overrun_oldest
    );
    logger->set_level(spdlog::level::trace);
  }

  void put(std::string const& line) {
    logger->log(spdlog::level::info, spdlog::string_view_t(line));
  }

  // Waits until the queue has room again: a line about lost lines must not push out one more.
  void report_dropped() {
    std::uint64_t lost = pool->overrun_counter();
    std::uint64_t reported = reported_lost.load();
    if (lost == reported || pool->queue_size() > queue_max / 2) return;
    if (!reported_lost.compare_exchange_strong(reported, lost)) return;
    put(render(clock.now(), Level::warn, "log.dropped", {{"count", lost - reported}}));
  }

  // The pool's destructor lets its thread write what is waiting, and joins it. After that the sink
  // is ours.
  void finish() {
    std::uint64_t lost = pool->overrun_counter() - reported_lost.load();
    pool.reset();
    if (lost > 0) {
      std::string line = render(clock.now(), Level::warn, "log.dropped", {{"count", lost}});
      sink->log(spdlog::details::log_msg("keystead", spdlog::level::warn, line));
    }
    sink->flush();
  }

  Clock const& clock;
  std::atomic<Level> least;
  std::size_t queue_max;
  std::atomic<std::uint64_t> reported_lost = 0;
  spdlog::sink_ptr sink;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

Output::Output(Options options, Clock const& clock)
    : Output(options, clock, std::make_shared<spdlog::sinks::stderr_sink_mt>()) {}

Output::Output(Options options, Clock const& clock, spdlog::sink_ptr sink)
    : inside_(std::make_unique<Inside>(options, clock, std::move(sink))) {
  [[maybe_unused]] Output* other = current_output.exchange(this, std::memory_order_acq_rel);
  assert(other == nullptr);
}

Output::~Output() {
  current_output.store(nullptr, std::memory_order_release);
  inside_->finish();
}

void Output::level(Level level) {
  inside_->least.store(level, std::memory_order_relaxed);
}

std::uint64_t Output::dropped() const {
  return inside_->pool->overrun_counter();
}

void Output::write(Level level, std::string_view event, Fields fields) {
  if (level < inside_->least.load(std::memory_order_relaxed)) return;
  inside_->put(render(inside_->clock.now(), level, event, fields));
  inside_->report_dropped();
}

}  // namespace keystead::app::log
