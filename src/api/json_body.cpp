#include "api/json_body.hpp"

#include <algorithm>

#include "codec/json.hpp"
#include "http/media_type.hpp"

namespace keystead::api {

namespace json = boost::json;

Result<void> require_json(http::Request const& request) {
  if (request.body.empty()) return {};
  auto type = http::find_header(request, "Content-Type").value_or("");
  if (http::is_media_type(type, "application/json")) return {};
  return fail(Code::unsupported_media_type, "the body must be application/json");
}

Result<json::object> read_members(
    std::string_view body, std::initializer_list<std::string_view> members
) {
  if (body.empty()) return json::object{};
  json::value value = TRY(codec::parse_json(body));
  if (!value.is_object()) return fail(Code::invalid_request, "the body must be a JSON object");
  for (auto const& member : value.get_object()) {
    std::string_view name = member.key();
    if (std::ranges::find(members, name) != members.end()) continue;
    std::string known;
    for (auto each : members) known.append(known.empty() ? "" : ", ").append(each);
    return fail(Code::invalid_request, std::string(name) + ": unknown member; there are " + known);
  }
  return std::move(value.get_object());
}

json::value const* said(json::object const& body, std::string_view name) {
  auto const* value = body.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

Result<std::string> text_of(json::object const& body, std::string_view name) {
  auto const* value = said(body, name);
  if (!value) return std::string();
  if (!value->is_string()) {
    return fail(Code::invalid_request, std::string(name) + ": not a text");
  }
  return std::string(value->get_string());
}

json::object texts(
    std::initializer_list<std::string_view> required,
    std::initializer_list<std::string_view> optional
) {
  json::array needed;
  json::object properties;
  for (auto name : required) needed.emplace_back(name);
  for (auto const& names : {required, optional}) {
    for (auto name : names) properties[name] = {{"type", "string"}};
  }
  return {
      {"type", "object"},
      {"additionalProperties", false},
      {"required", std::move(needed)},
      {"properties", std::move(properties)}
  };
}

void write_json(http::Response& response, int status, json::value const& value) {
  response.status = status;
  response.content_type = "application/json";
  response.body = codec::to_text(value);
  response.add("Cache-Control", "no-store");
}

}  // namespace keystead::api
