#include "api/rest_arguments.hpp"

#include <algorithm>
#include <memory>

#include "codec/json.hpp"
#include "codec/percent.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

// The value of a query parameter as JSON text: what reads as a number or a truth value is one.
std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  auto pairs = codec::parse_pairs(query);
  if (!pairs) return std::nullopt;
  for (auto const& [key, value] : *pairs) {
    if (key != name) continue;
    auto scalar = codec::parse_json(value);
    bool is_bare = scalar && (scalar->is_number() || scalar->is_bool());
    return codec::to_text(is_bare ? *scalar : json::value(value));
  }
  return std::nullopt;
}

}  // namespace

authz::Arguments rest_arguments(
    std::vector<std::string> const& names,
    http::Request const& request,
    std::array<std::string_view, http::Router::kParametersMax> const& parameters
) {
  auto body = std::make_shared<std::optional<json::value>>();
  auto is_read = std::make_shared<bool>(false);
  return {
      .takes =
          [&names](std::string_view name) { return std::ranges::find(names, name) != names.end(); },
      .value = [&request, &parameters, body, is_read](std::string_view name)
          -> std::optional<std::string> {
        if (name == "id" && !parameters[0].empty()) {
          return codec::to_text(json::value(parameters[0]));
        }
        if (!*is_read && !request.body.empty()) {
          if (auto parsed = codec::parse_json(request.body)) *body = std::move(*parsed);
        }
        *is_read = true;
        if (*body && (*body)->is_object()) {
          auto const* member = (*body)->get_object().if_contains(name);
          if (member) return codec::to_text(*member);
          return std::nullopt;
        }
        return query_value(request.query, name);
      },
  };
}

}  // namespace keystead::api
