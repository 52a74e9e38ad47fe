#include "mcp/request_headers.hpp"

namespace keystead::mcp {
namespace {

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes what stands before the first `separator` off the front of `rest`.
std::string_view take(std::string_view& rest, char separator) {
  auto piece = rest.substr(0, rest.find(separator));
  rest.remove_prefix(piece.size() < rest.size() ? piece.size() + 1 : piece.size());
  return trimmed(piece);
}

// RFC 9110 §12.4.2: a weight of zero means "not acceptable".
bool has_zero_weight(std::string_view parameters) {
  while (!parameters.empty()) {
    auto parameter = take(parameters, ';');
    auto name = take(parameter, '=');
    if (http::equals_ignoring_case(name, "q") && !parameter.empty()) {
      return parameter.find_first_not_of("0.") == std::string_view::npos;
    }
  }
  return false;
}

bool takes_json(std::string_view accept) {
  // What the specification tells clients to send; nearly all do, letter for letter.
  if (accept == "application/json, text/event-stream") return true;
  while (!accept.empty()) {
    auto parameters = take(accept, ',');
    auto range = take(parameters, ';');
    bool matches = http::equals_ignoring_case(range, "application/json") || range == "*/*" ||
                   http::equals_ignoring_case(range, "application/*");
    if (matches && !has_zero_weight(parameters)) return true;
  }
  return false;
}

}  // namespace

RequestHeaders::RequestHeaders(http::Request const& request) {
  bool accept_seen = false;
  auto once = [&](std::optional<std::string_view>& place, std::string_view value) {
    repeated |= place.has_value();
    place = value;
  };
  for (auto const& [header, value] : request.headers) {
    if (http::equals_ignoring_case(header, "mcp-protocol-version")) {
      once(version, value);
    } else if (http::equals_ignoring_case(header, "mcp-method")) {
      once(method, value);
    } else if (http::equals_ignoring_case(header, "mcp-name")) {
      once(name, value);
    } else if (http::equals_ignoring_case(header, "content-type")) {
      content_type = value;
    } else if (http::equals_ignoring_case(header, "accept")) {
      accepts_json = (accept_seen && accepts_json) || takes_json(value);
      accept_seen = true;
    }
  }
}

bool RequestHeaders::has_json_body() const {
  if (!content_type) return false;
  if (*content_type == "application/json") return true;
  std::string_view rest = *content_type;
  return http::equals_ignoring_case(take(rest, ';'), "application/json");
}

}  // namespace keystead::mcp
