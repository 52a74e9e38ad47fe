#include "base/clock.hpp"

#include <charconv>
#include <cstdio>

namespace keystead {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::string format_time(Time time) {
  using namespace std::chrono;
  auto day = floor<days>(time);
  year_month_day date{day};
  hh_mm_ss clock{time - day};
  char text[40];
  int size = std::snprintf(
      text,
      sizeof text,
      "%04d-%02u-%02uT%02d:%02d:%02d",
      static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count())
  );
  std::string out(text, static_cast<std::size_t>(size));
  if (auto milliseconds = clock.subseconds().count()) {
    std::snprintf(text, sizeof text, ".%03d", static_cast<int>(milliseconds));
    out += text;
  }
  return out + "Z";
}

std::optional<Time> parse_time(std::string_view text) {
  using namespace std::chrono;
  // 2026-11-22T16:50:00 is 19 characters; then an optional fraction and a mandatory offset.
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  if (text[10] != 'T' && text[10] != 't') return std::nullopt;
  auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
  auto h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;

  std::size_t at = 19;
  int thousandths = 0;
  if (text[at] == '.') {
    std::size_t begin = ++at;
    for (int scale = 100; at < text.size() && text[at] >= '0' && text[at] <= '9';
         ++at, scale /= 10) {
      thousandths += (text[at] - '0') * scale;
    }
    if (at == begin) return std::nullopt;
  }
  if (at >= text.size()) return std::nullopt;
  minutes offset{0};
  char sign = text[at];
  if (sign == 'Z' || sign == 'z') {
    if (at + 1 != text.size()) return std::nullopt;
  } else if (sign == '+' || sign == '-') {
    auto oh = digits(text, at + 1, 2), om = digits(text, at + 4, 2);
    if (at + 6 != text.size() || text[at + 3] != ':' || !oh || !om || *oh > 23 || *om > 59) {
      return std::nullopt;
    }
    offset = minutes{*oh * 60 + *om} * (sign == '-' ? -1 : 1);
  } else {
    return std::nullopt;
  }
  return Time{sys_days{date}} + hours{*h} + minutes{*mi} + seconds{*s} + milliseconds{thousandths} -
         offset;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  std::int64_t count = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, count);
  if (error != std::errc{} || end != text.data() + text.size() - 1 || count <= 0)
    return std::nullopt;
  std::int64_t unit = 0;
  switch (text.back()) {
    case 's': unit = 1; break;
    case 'm': unit = 60; break;
    case 'h': unit = 3600; break;
    case 'd': unit = 86400; break;
    case 'w': unit = 604800; break;
    default: return std::nullopt;
  }
  constexpr std::int64_t kSecondsMax = 100LL * 366 * 86400;
  if (count > kSecondsMax / unit) return std::nullopt;
  return std::chrono::seconds{count * unit};
}

}  // namespace keystead
