#include "codec/json.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include "codec/duplicate_name.hpp"

namespace keystead::codec {
namespace {

struct StrictHandler {
  using error_code = json::error_code;
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  explicit StrictHandler(json::storage_ptr storage) : values({}, scratch, sizeof scratch) {
    values.reset(std::move(storage));
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t count, error_code&) {
    members += count;
    values.push_object(count);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t count, error_code&) {
    values.push_array(count);
    return true;
  }
  bool on_key_part(std::string_view part, std::size_t, error_code&) {
    values.push_chars({part.data(), part.size()});
    return true;
  }
  bool on_key(std::string_view part, std::size_t, error_code&) {
    values.push_key({part.data(), part.size()});
    return true;
  }
  bool on_string_part(std::string_view part, std::size_t, error_code&) {
    values.push_chars({part.data(), part.size()});
    return true;
  }
  bool on_string(std::string_view part, std::size_t, error_code&) {
    values.push_string({part.data(), part.size()});
    return true;
  }
  bool on_number_part(std::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, std::string_view, error_code&) {
    values.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, std::string_view, error_code&) {
    values.push_uint64(number);
    return true;
  }
  bool on_double(double number, std::string_view, error_code& ec) {
    // 1e400 has no double; infinity would not survive being written again.
    if (!std::isfinite(number)) {
      ec = json::error::exponent_overflow;
      return false;
    }
    values.push_double(number);
    return true;
  }
  bool on_bool(bool truth, error_code&) {
    values.push_bool(truth);
    return true;
  }
  bool on_null(error_code&) {
    values.push_null();
    return true;
  }
  bool on_comment_part(std::string_view, error_code&) { return true; }
  bool on_comment(std::string_view, error_code&) { return true; }

  alignas(
      std::max_align_t
  ) unsigned char scratch[2048];  // for the values under way: most documents need no more
  json::value_stack values;
  std::size_t members = 0;  // as they stand in the text
};

// Boost keeps the last of several members of one name, so that a value that holds fewer members
// than its text had duplicates.
std::size_t count_members(json::value const& value) {
  std::size_t count = 0;
  if (auto const* object = value.if_object()) {
    count = object->size();
    for (auto const& [name, member] : *object) count += count_members(member);
  } else if (auto const* array = value.if_array()) {
    for (auto const& element : *array) count += count_members(element);
  }
  return count;
}

// The character that follows the backslash where a character has such a short form; u where it is
// written by its number.
constexpr auto kEscapes = [] {
  std::array<char, 256> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  return escapes;
}();
constexpr std::size_t kEscapedMax = 6;  // \u001f
constexpr std::size_t kQuotedAtOnce = 512;

// The high bits of those of eight bytes that may have an escape. Below the lowest of them it is
// exact; a byte above may be marked for what stands before it.
std::uint64_t marks_in(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  auto zeros = [](std::uint64_t bytes) { return (bytes - kOnes) & ~bytes; };
  std::uint64_t controls = (word - kOnes * 0x20) & ~word;
  return (controls | zeros(word ^ kOnes * '"') | zeros(word ^ kOnes * '\\')) & kOnes * 0x80;
}

char* write_escape(char* out, char c, char escape) {
  constexpr char kHex[] = "0123456789abcdef";
  *out++ = '\\';
  *out++ = escape;
  if (escape != 'u') return out;
  *out++ = '0';
  *out++ = '0';
  *out++ = kHex[c >> 4];
  *out++ = kHex[c & 15];
  return out;
}

// REQUIRES: room for kEscapedMax characters for each of `text`.
char* write_escaped(char* out, std::string_view text) {
  char const* at = text.data();
  char const* end = at + text.size();
  while (at != end) {
    if (std::endian::native == std::endian::little && end - at >= 8) {
      std::uint64_t word;
      std::memcpy(&word, at, sizeof word);
      std::memcpy(out, &word, sizeof word);
      std::uint64_t marks = marks_in(word);
      int plain = marks == 0 ? 8 : std::countr_zero(marks) / 8;
      at += plain;
      out += plain;
      if (marks == 0) continue;
    }
    char c = *at++;
    char escape = kEscapes[static_cast<unsigned char>(c)];
    if (escape == 0)
      *out++ = c;
    else
      out = write_escape(out, c, escape);
  }
  return out;
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t before = out.size();
  out.resize_and_overwrite(before + text.size() * kEscapedMax, [&](char* begin, std::size_t) {
    return static_cast<std::size_t>(write_escaped(begin + before, text) - begin);
  });
}

// Boost writes 1.5 as 1.5E0; people read what we answer.
void append_number(std::string& out, auto number) {
  char digits[32];
  auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end);
}

void append_array(std::string& out, json::array const& array) {
  char separator = '[';
  for (auto const& value : array) {
    out += separator;
    append_text(out, value);
    separator = ',';
  }
  out += array.empty() ? "[]" : "]";
}

std::string say(std::string_view what, std::size_t offset) {
  return std::string(what) + " at byte " + std::to_string(offset);
}

}  // namespace

Result<json::value> parse_json(
    std::string_view text, json::storage_ptr storage, JsonLimits limits
) {
  json::parse_options options;
  options.max_depth = limits.depth_max;
  json::basic_parser<StrictHandler> parser(options, std::move(storage));
  json::error_code ec;
  std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) {
    if (ec == json::error::too_deep) {
      return fail(Code::invalid_request, say("nesting too deep", used));
    }
    return fail(Code::invalid_request, say("not valid JSON", used), ec.message());
  }
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
    return fail(Code::invalid_request, say("text after the JSON value", used));
  }
  json::value document = parser.handler().values.release();
  if (count_members(document) != parser.handler().members) {
    return fail(Code::invalid_request, say("duplicate member name", find_duplicate_name(text)));
  }
  return document;
}

void append_text(std::string& out, json::value const& value) {
  switch (value.kind()) {
    case json::kind::object: return append_text(out, value.get_object());
    case json::kind::array: return append_array(out, value.get_array());
    case json::kind::string: return append_quoted(out, value.get_string());
    case json::kind::int64: return append_number(out, value.get_int64());
    case json::kind::uint64: return append_number(out, value.get_uint64());
    case json::kind::double_: return append_number(out, value.get_double());
    case json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case json::kind::null: out += "null"; return;
  }
}

void append_text(std::string& out, json::object const& object) {
  char separator = '{';
  for (auto const& [name, value] : object) {
    out += separator;
    append_quoted(out, name);
    out += ':';
    append_text(out, value);
    separator = ',';
  }
  out += object.empty() ? "{}" : "}";
}

std::string to_text(json::value const& value) {
  std::string out;
  append_text(out, value);
  return out;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (; text.size() > kQuotedAtOnce; text.remove_prefix(kQuotedAtOnce))
    append_escaped(out, text.substr(0, kQuotedAtOnce));
  append_escaped(out, text);
  out += '"';
}

}  // namespace keystead::codec
