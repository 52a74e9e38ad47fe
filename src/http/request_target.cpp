#include "http/request_target.hpp"

#include <array>

namespace keystead::http {
namespace {

// RFC 3986 pchar without ";", whose path parameters some servers cut off (`/..;x=y/`).
consteval std::array<bool, 256> table_of_path_chars() {
  std::array<bool, 256> table{};
  for (char c : std::string_view(
           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,=:@"
       )) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}

constexpr std::array<bool, 256> kPathChars = table_of_path_chars();

int hex_value(char c) {
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

bool is_escape(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && is_hex_digit(text[at + 1]) && is_hex_digit(text[at + 2]);
}

// What is wrong with the escape at `at` of a path; empty if nothing is.
std::string_view fault_of_escape(std::string_view path, std::size_t at) {
  if (!is_escape(path, at)) return "The path holds a malformed percent escape.";
  int value = hex_value(path[at + 1]) * 16 + hex_value(path[at + 2]);
  if (value < 0x20 || value == 0x7f) return "The path holds an escaped control character.";
  if (value == '/' || value == '\\') return "The path holds an escaped slash.";
  if (value == '.') return "The path holds an escaped dot.";
  bool twice = value == '%' && at + 4 < path.size() && is_hex_digit(path[at + 3]) &&
               is_hex_digit(path[at + 4]);
  return twice ? "The path is escaped twice." : std::string_view();
}

bool is_dot_segment(std::string_view segment) {
  return segment == "." || segment == "..";
}

std::string_view fault_of_path(std::string_view path) {
  if (path.empty() || path.front() != '/') return "The path does not begin with a slash.";
  std::size_t segment = 1;
  for (std::size_t at = 1; at < path.size(); ++at) {
    char c = path[at];
    if (kPathChars[static_cast<unsigned char>(c)]) continue;
    if (c == '/') {
      if (at == segment) return "The path holds an empty segment.";
      if (is_dot_segment(path.substr(segment, at - segment)))
        return "The path holds a dot segment.";
      segment = at + 1;
    } else if (c == '%') {
      if (auto fault = fault_of_escape(path, at); !fault.empty()) return fault;
      at += 2;
    } else {
      return "The path holds a character that must not stand in one.";
    }
  }
  return is_dot_segment(path.substr(segment)) ? "The path holds a dot segment."
                                              : std::string_view();
}

std::string_view fault_of_query(std::string_view query) {
  for (std::size_t at = 0; at < query.size(); ++at) {
    char c = query[at];
    if (c <= ' ' || c > '~' || c == '#') {
      return "The query holds a character that must not stand in one.";
    }
    if (c == '%' && !is_escape(query, at)) return "The query holds a malformed percent escape.";
  }
  return {};
}

// Takes "http://authority" off the front of an absolute-form target. Empty when there is none.
std::string_view take_authority(std::string_view& text) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(text.substr(0, scheme.size()), scheme)) continue;
    text.remove_prefix(scheme.size());
    auto authority = text.substr(0, text.find_first_of("/?"));
    text.remove_prefix(authority.size());
    return authority;
  }
  return {};
}

}  // namespace

std::expected<RequestTarget, Refusal> read_request_target(std::string_view text, Method method) {
  RequestTarget target;
  if (text == "*") {
    if (method != Method::options) {
      return std::unexpected(Refusal{400, "Only OPTIONS may be asked of the whole server."});
    }
    target.path = text;
    return target;
  }
  if (!text.starts_with('/')) {
    target.authority = take_authority(text);
    if (!is_host(target.authority)) {
      return std::unexpected(Refusal{400, "The request target is neither a path nor a URL."});
    }
  }
  auto question = text.find('?');
  target.path = text.substr(0, question);
  if (question != text.npos) target.query = text.substr(question + 1);
  bool bare_authority = target.path.empty() && !target.authority.empty();
  if (auto fault = fault_of_path(target.path); !fault.empty() && !bare_authority) {
    return std::unexpected(Refusal{400, fault});
  }
  if (auto fault = fault_of_query(target.query); !fault.empty()) {
    return std::unexpected(Refusal{400, fault});
  }
  return target;
}

}  // namespace keystead::http
