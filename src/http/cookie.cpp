#include "http/cookie.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace keystead::http {

std::optional<std::string_view> find_cookie(Request const& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (auto const& header : request.headers) {
    if (!equals_ignoring_case(header.name, "Cookie")) continue;
    for (auto rest = header.value; !rest.empty();) {
      auto pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      while (pair.starts_with(' ') || pair.starts_with('\t')) pair.remove_prefix(1);
      while (pair.ends_with(' ') || pair.ends_with('\t')) pair.remove_suffix(1);
      auto equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      if (found) return std::nullopt;
      found = pair.substr(equals + 1);
    }
  }
  return found;
}

void set_cookie(
    Response& response, std::string_view name, std::string_view value, std::chrono::seconds max_age
) {
  assert(name.starts_with("__Host-"));
  std::string text;
  text.append(name).append("=").append(value);
  text += "; Path=/; Max-Age=" + std::to_string(max_age.count());
  text += "; Secure; HttpOnly; SameSite=Lax";
  response.add("Set-Cookie", text);
}

void clear_cookie(Response& response, std::string_view name) {
  set_cookie(response, name, "", std::chrono::seconds(0));
}

}  // namespace keystead::http
