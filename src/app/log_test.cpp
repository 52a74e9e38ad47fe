#include "app/log.hpp"

#include <condition_variable>
#include <mutex>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/ostream_sink.h>

#include "codec/json.hpp"
#include "codec/utf8.hpp"

namespace keystead::app::log {
namespace {

class FixedClock final : public Clock {
 public:
  Time now() const override { return *parse_time("2026-11-22T16:50:00Z"); }
};

std::string value_of(std::string_view text) {
  std::string line = render(FixedClock().now(), Level::info, "e", {{"v", text}});
  constexpr std::string_view kBefore =
      R"({"time":"2026-11-22T16:50:00.000Z","level":"info","event":"e","v":)";
  EXPECT_TRUE(line.starts_with(kBefore)) << line;
  return line.substr(kBefore.size(), line.size() - kBefore.size() - 1);
}

TEST(Log, ALineIsOneJsonObject) {
  std::string name = "ci";
  EXPECT_EQ(
      render(
          *parse_time("2026-11-22T16:50:00.250Z"),
          Level::warn,
          "key.created",
          {{"key", name}, {"uses", 3}, {"size", std::size_t{7}}, {"live", true}}
      ),
      R"({"time":"2026-11-22T16:50:00.250Z","level":"warn","event":"key.created","key":"ci","uses":3,"size":7,"live":true})"
  );
}

TEST(Log, Attack112NoValueCanEndALineOrForgeAField) {
  EXPECT_EQ(value_of("a\r\n{\"level\":\"info\"}"), R"("a\u000d\u000a{\"level\":\"info\"}")");
  EXPECT_EQ(value_of("\",\"admin\":true,\"x\":\"\\"), R"("\",\"admin\":true,\"x\":\"\\")");
  EXPECT_EQ(value_of(std::string_view("a\0b", 3)), R"("a\u0000b")");
}

TEST(Log, Attack112NoValueCanSteerATerminal) {
  EXPECT_EQ(value_of("\x1b[2J\x7f"), R"("\u001b[2J\u007f")");
  EXPECT_EQ(
      value_of(
          "\xc2\x9b"
          "31m"
      ),
      R"("\u009b31m")"
  ) << "CSI as one character";
  EXPECT_EQ(value_of("a\u202eb\u2066c\u2028d"), R"("a\u202eb\u2066c\u2028d")");
}

TEST(Log, Attack112BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(
      value_of(
          "a\xff"
          "b\xc3"
      ),
      "\"a\uFFFD"
      "b\uFFFD\""
  );
  EXPECT_EQ(value_of("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\"") << "a surrogate";
  EXPECT_EQ(value_of("é 漢 😀"), "\"é 漢 😀\"");
}

TEST(Log, EveryByteGivesValidJsonOnOneLine) {
  for (int a = 0; a < 256; ++a) {
    for (int b : {0, 10, 34, 65, 92, 0x80, 0x9b, 0xbf, 0xff}) {
      std::string text{static_cast<char>(a), static_cast<char>(b)};
      std::string line = render(FixedClock().now(), Level::info, text, {{text, text}});
      EXPECT_TRUE(codec::parse_json(line).has_value()) << line;
      for (char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
    }
  }
}

TEST(Log, ALongValueIsCutBetweenCharacters) {
  std::string shown = value_of(std::string(4095, 'x') + "é" + std::string(100'000, 'y'));
  EXPECT_TRUE(codec::is_utf8(shown));
  EXPECT_TRUE(shown.ends_with("x\u00e9…\"")) << shown.substr(4000);
  EXPECT_LT(shown.size(), 4200U);
}

// The lines without their time.
std::string rest_of(std::string text) {
  std::string time = R"("time":"2026-11-22T16:50:00.000Z",)";
  for (std::size_t at; (at = text.find(time)) != std::string::npos;) text.erase(at, time.size());
  return text;
}

TEST(Log, AnOutputTakesEventsFromItsLevelUpAndWritesThemAtItsEnd) {
  FixedClock clock;
  std::ostringstream text;
  info("before");
  {
    Output output(
        {.level = Level::info}, clock, std::make_shared<spdlog::sinks::ostream_sink_mt>(text)
    );
    debug("quiet");
    info("one", {{"n", 1}});
    output.level(Level::error);
    warn("quiet");
    error("two");
  }
  info("after");
  EXPECT_EQ(
      rest_of(text.str()),
      "{\"level\":\"info\",\"event\":\"one\",\"n\":1}\n{\"level\":\"error\",\"event\":\"two\"}\n"
  );
}

TEST(Log, ABraceInAValueIsNotAFormat) {
  FixedClock clock;
  std::ostringstream text;
  {
    Output output({}, clock, std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
    info("e", {{"v", "{} %v {0:999}"}});
  }
  EXPECT_EQ(rest_of(text.str()), "{\"level\":\"info\",\"event\":\"e\",\"v\":\"{} %v {0:999}\"}\n");
}

// A terminal that takes nothing until it is let go.
class StuckSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  void let_go() {
    std::lock_guard lock(gate_mutex_);
    is_stuck_ = false;
    gate_.notify_all();
  }
  void wait_until_reached() {
    std::unique_lock lock(gate_mutex_);
    gate_.wait(lock, [&] { return is_reached_; });
  }
  std::string text;

 private:
  void sink_it_(spdlog::details::log_msg const& message) override {
    std::unique_lock lock(gate_mutex_);
    is_reached_ = true;
    gate_.notify_all();
    gate_.wait(lock, [&] { return !is_stuck_; });
    text.append(message.payload.data(), message.payload.size());
    text += '\n';
  }
  void flush_() override {}

  std::mutex gate_mutex_;
  std::condition_variable gate_;
  bool is_stuck_ = true;
  bool is_reached_ = false;
};

TEST(Log, AStuckOutputDropsTheOldestCountsThemAndBlocksNobody) {
  FixedClock clock;
  auto sink = std::make_shared<StuckSink>();
  {
    Output output({.queue_max = 4}, clock, sink);
    info("first");
    sink->wait_until_reached();
    for (int i = 0; i < 10; ++i) info("e", {{"i", i}});
    EXPECT_EQ(output.dropped(), 6U);
    sink->let_go();
  }
  EXPECT_EQ(
      rest_of(sink->text),
      "{\"level\":\"info\",\"event\":\"first\"}\n"
      "{\"level\":\"info\",\"event\":\"e\",\"i\":6}\n"
      "{\"level\":\"info\",\"event\":\"e\",\"i\":7}\n"
      "{\"level\":\"info\",\"event\":\"e\",\"i\":8}\n"
      "{\"level\":\"info\",\"event\":\"e\",\"i\":9}\n"
      "{\"level\":\"warn\",\"event\":\"log.dropped\",\"count\":6}\n"
  );
}

}  // namespace
}  // namespace keystead::app::log
