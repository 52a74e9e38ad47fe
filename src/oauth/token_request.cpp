#include "oauth/token_request.hpp"

#include <algorithm>
#include <optional>

#include <boost/json/array.hpp>

#include "codec/json.hpp"
#include "codec/percent.hpp"
#include "http/media_type.hpp"

namespace keystead::oauth {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kResource = "resource";

std::optional<Parameters> parameters_of_json(std::string_view body) {
  auto document = codec::parse_json(body);
  auto const* members = document ? document->if_object() : nullptr;
  if (!members) return std::nullopt;
  Parameters parameters;
  for (auto const& [name, value] : *members) {
    if (value.is_string()) {
      parameters.emplace_back(name, value.get_string());
      continue;
    }
    if (name != kResource || !value.is_array()) return std::nullopt;
    for (auto const& each : value.get_array()) {
      if (!each.is_string()) return std::nullopt;
      parameters.emplace_back(name, each.get_string());
    }
  }
  return parameters;
}

std::optional<Parameters> parameters_of(std::string_view content_type, std::string_view body) {
  if (http::is_media_type(content_type, "application/json")) return parameters_of_json(body);
  if (!http::is_media_type(content_type, "application/x-www-form-urlencoded")) return std::nullopt;
  return codec::parse_pairs(body);
}

}  // namespace

TokenResult<TokenRequest> TokenRequest::parse(
    std::string_view content_type, std::string_view body
) {
  auto parameters = parameters_of(content_type, body);
  if (!parameters) {
    return refuse(
        TokenError::invalid_request,
        "The body must be application/x-www-form-urlencoded, or a JSON object of texts."
    );
  }
  for (auto const& [name, value] : *parameters) {
    if (name != kResource && std::ranges::count(*parameters, name, &Parameter::first) > 1) {
      return refuse(TokenError::invalid_request, "A parameter comes twice.");
    }
  }
  std::erase_if(*parameters, [](Parameter const& each) { return each.second.empty(); });
  return TokenRequest(std::move(*parameters));
}

std::string_view TokenRequest::find(std::string_view name) const {
  auto found = std::ranges::find(parameters_, name, &Parameter::first);
  return found == parameters_.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string> TokenRequest::resources() const {
  std::vector<std::string> resources;
  for (auto const& [name, value] : parameters_) {
    if (name == kResource) resources.push_back(value);
  }
  return resources;
}

}  // namespace keystead::oauth
