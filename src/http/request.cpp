#include "http/request.hpp"

namespace keystead::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::optional<std::string_view> find_header(Request const& request, std::string_view name) {
  for (Header const& header : request.headers) {
    if (equals_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::size_t count_headers(Request const& request, std::string_view name) {
  std::size_t count = 0;
  for (Header const& header : request.headers) count += equals_ignoring_case(header.name, name);
  return count;
}

}  // namespace keystead::http
