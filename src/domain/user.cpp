#include "domain/user.hpp"

#include <algorithm>

namespace keystead::domain {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n\f\v";
// RFC 5322 §3.2.3: they need quotes, which nobody's address has.
constexpr std::string_view kSpecials = "()<>[]:;,\\\"";

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

bool is_plain(char c) {
  return c > ' ' && c < '\x7f' && !kSpecials.contains(c);
}

}  // namespace

std::optional<std::string> parse_email(std::string_view text) {
  text = trimmed(text);
  auto at = text.find('@');
  bool has_both = at != std::string_view::npos && at > 0 && at + 1 < text.size();
  if (!has_both || text.find('@', at + 1) != std::string_view::npos) return std::nullopt;
  if (text.size() > kEmailBytesMax || !std::ranges::all_of(text, is_plain)) return std::nullopt;
  std::string email(text);
  for (char& c : email) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return email;
}

}  // namespace keystead::domain
