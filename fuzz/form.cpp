// Forms and queries: what is read is UTF-8 without NUL and within the limit, and reads as the same
// when it is written again; and any text comes through its percent-encoding unchanged.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "codec/percent.hpp"
#include "codec/utf8.hpp"

namespace {

using namespace keystead::codec;

constexpr std::size_t kPairsMax = 8;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_text(std::string_view text) {
  return text.find('\0') == std::string_view::npos && is_utf8(text);
}

void decode(std::string_view input, Plus plus) {
  auto text = percent_decode(input, plus);
  if (!text) return;
  require(is_text(*text) && text->size() <= input.size());
  auto again = percent_encode(*text);
  require(again.find_first_of("+&=;%", 0) == again.find('%'));
  require(percent_decode(again, plus) == text);
}

void encode(std::string_view input) {
  // Bytes that are no text can be written, and are refused when they are read.
  auto text = percent_decode(percent_encode(input), Plus::as_space);
  require(text.has_value() == is_text(input));
  require(!text || *text == input);
}

void read_pairs(std::string_view input) {
  auto pairs = parse_pairs(input, kPairsMax);
  if (!pairs) return;
  auto separators = static_cast<std::size_t>(std::ranges::count(input, '&'));
  require(pairs->size() <= kPairsMax && pairs->size() <= separators + 1);
  std::string again;
  for (auto const& [name, value] : *pairs) {
    require(is_text(name) && is_text(value));
    again += (again.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  }
  require(parse_pairs(again, kPairsMax) == pairs);
  // One more than the limit is one too many.
  require(pairs->empty() || !parse_pairs(input, pairs->size() - 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view input(reinterpret_cast<char const*>(data), size);
  decode(input, Plus::as_space);
  decode(input, Plus::as_plus);
  encode(input);
  read_pairs(input);
  return 0;
}
