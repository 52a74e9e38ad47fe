#include "api/identity_headers.hpp"

#include <algorithm>

namespace keystead::api {
namespace {

// All of them, also those of a later version.
constexpr std::string_view kFamily = "x-keystead-";

char plain(char c) {
  if (c == '_' || c == '.') return '-';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is_of_family(std::string_view name) {
  return name.size() >= kFamily.size() &&
         std::ranges::equal(name.substr(0, kFamily.size()), kFamily, {}, plain);
}

bool names_family(std::string_view list) {
  while (!list.empty()) {
    auto name = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), name.size() + 1));
    name.remove_prefix(std::min(name.size(), name.find_first_not_of(" \t")));
    if (is_of_family(name)) return true;
  }
  return false;
}

}  // namespace

Result<void> refuse_identity_headers(http::Request const& request) {
  for (http::Header const& header : request.headers) {
    if (is_of_family(header.name) && header.name.find_first_of("_.") != std::string_view::npos) {
      return fail(Code::invalid_request, "This header is not yours to send.");
    }
    if (http::equals_ignoring_case(header.name, "Connection") && names_family(header.value)) {
      return fail(Code::invalid_request, "The Connection header names one that is not yours.");
    }
  }
  return {};
}

}  // namespace keystead::api
