#include "http/grammar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace keystead::http {
namespace {

constexpr std::size_t kHostSizeMax = 255;

constexpr bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

consteval std::array<bool, 256> table_with(std::string_view punctuation) {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    table[c] = is_alphanumeric(static_cast<char>(c)) || punctuation.contains(static_cast<char>(c));
  }
  return table;
}

constexpr std::array<bool, 256> kTokenChars = table_with("!#$%&'*+-.^_`|~");
constexpr std::array<bool, 256> kHostNameChars = table_with(".-_");

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_control(char c) {
  auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

// Not zero if one of eight bytes is below 0x20 or is 0x7f: of such a byte alone the subtraction
// sets a high bit that it did not have.
std::uint64_t controls_in(char const* eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::uint64_t word;
  std::memcpy(&word, eight, sizeof word);
  std::uint64_t deletes = word ^ kOnes * 0x7f;
  return (((word - kOnes * 0x20) & ~word) | ((deletes - kOnes) & ~deletes)) & kOnes * 0x80;
}

bool holds_control(std::string_view text) {
  std::uint64_t found = text.size() < 8;
  if (text.size() >= 8) {
    char const* last = text.data() + text.size() - 8;
    for (char const* at = text.data(); at < last; at += 8) found |= controls_in(at);
    found |= controls_in(last);
  }
  // A tab is among what was found, and it is allowed.
  return found != 0 && std::ranges::any_of(text, is_control);
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port <= 65535 &&
         text.size() <= 5;
}

bool is_host_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return kHostNameChars[static_cast<unsigned char>(c)];
  });
}

bool is_bracketed_address(std::string_view inside) {
  return inside.size() >= 2 && inside.contains(':') && std::ranges::all_of(inside, [](char c) {
           return is_hex_digit(c) || c == ':' || c == '.';
         });
}

}  // namespace

bool is_token_char(char c) {
  return kTokenChars[static_cast<unsigned char>(c)];
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_host(std::string_view text) {
  if (text.empty() || text.size() > kHostSizeMax) return false;
  std::size_t host_end = text.front() == '[' ? text.find(']') : text.find(':');
  if (text.front() == '[') {
    if (host_end == text.npos || !is_bracketed_address(text.substr(1, host_end - 1))) return false;
    ++host_end;
  } else if (!is_host_name(text.substr(0, host_end))) {
    return false;
  }
  if (host_end >= text.size()) return true;
  return text[host_end] == ':' && is_port(text.substr(host_end + 1));
}

bool list_contains(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    auto item = list.substr(0, list.find(','));
    if (equals_ignoring_case(trim(item), token)) return true;
    list.remove_prefix(std::min(item.size() + 1, list.size()));
  }
  return false;
}

std::expected<Header, Refusal> read_header_line(std::string_view line) {
  if (line.empty() || is_blank(line.front())) {
    return std::unexpected(Refusal{400, "A header line begins with white space."});
  }
  std::size_t colon = 0;
  while (colon < line.size() && is_token_char(line[colon])) ++colon;
  if (colon == 0 || colon == line.size() || line[colon] != ':') {
    return std::unexpected(Refusal{400, "A header has no well-formed name followed by a colon."});
  }
  auto value = trim(line.substr(colon + 1));
  if (holds_control(value)) {
    return std::unexpected(Refusal{400, "A header value holds a control character."});
  }
  return Header{line.substr(0, colon), value};
}

}  // namespace keystead::http
