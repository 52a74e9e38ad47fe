#include "http/normal_uri.hpp"

#include <algorithm>

#include "codec/ascii.hpp"
#include "http/grammar.hpp"
#include "http/url.hpp"

namespace keystead::http {
namespace {

bool is_unreserved(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

int hex_value(char c) {
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

// A broken escape stays as it is, for Url to refuse.
std::string normal_escapes(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (std::size_t at = 0; at < path.size(); ++at) {
    bool is_escape = path[at] == '%' && at + 2 < path.size() && is_hex_digit(path[at + 1]) &&
                     is_hex_digit(path[at + 2]);
    if (!is_escape) {
      out += path[at];
      continue;
    }
    int value = hex_value(path[at + 1]) * 16 + hex_value(path[at + 2]);
    at += 2;
    if (is_unreserved(value)) {
      out += static_cast<char>(value);
    } else {
      out += '%';
      out += kDigits[static_cast<std::size_t>(value / 16)];
      out += kDigits[static_cast<std::size_t>(value % 16)];
    }
  }
  return out;
}

// An empty port is the default one, too.
std::string_view without_default_port(std::string_view origin) {
  std::string_view usual = origin.starts_with("https:") ? ":443" : ":80";
  if (origin.ends_with(usual)) return origin.substr(0, origin.size() - usual.size());
  return origin.ends_with(':') ? origin.substr(0, origin.size() - 1) : origin;
}

}  // namespace

std::optional<std::string> normal_uri(std::string_view text) {
  text = text.substr(0, text.find_first_of("?#"));
  if (text.size() > Url::kTextMax) return std::nullopt;
  auto scheme = text.find("://");
  if (scheme == text.npos) return std::nullopt;
  auto path = std::min(text.find('/', scheme + 3), text.size());
  auto origin = codec::lower_ascii(text.substr(0, path));
  std::string normal(without_default_port(origin));
  normal += path == text.size() ? "/" : normal_escapes(text.substr(path));
  auto url = Url::parse(normal);
  if (!url) return std::nullopt;
  return normal;
}

}  // namespace keystead::http
