#include "api/refusal_schemas.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

namespace keystead::api {
namespace {

json::object schema_of(json::value const& sample);

json::object schema_of(json::object const& sample) {
  json::object properties;
  json::array required;
  for (auto const& member : sample) {
    properties[member.key()] = schema_of(member.value());
    required.emplace_back(member.key());
  }
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

json::object schema_of(json::value const& sample) {
  if (auto const* object = sample.if_object()) return schema_of(*object);
  if (sample.is_string()) return {{"type", "string"}};
  if (sample.is_bool()) return {{"type", "boolean"}};
  if (sample.is_int64() || sample.is_uint64()) return {{"type", "integer"}};
  if (sample.is_number()) return {{"type", "number"}};
  if (sample.is_array()) return {{"type", "array"}};
  return {};
}

// The one that most refusals have: that of a breakage, which nobody words more closely.
json::object common_schema(std::span<RefusalSample const> refusals) {
  auto common = std::ranges::find(refusals, "internal", &RefusalSample::name);
  return common == refusals.end() ? json::object() : schema_of(common->body);
}

std::string schema_name(RefusalSample const& sample, std::span<RefusalSample const> refusals) {
  if (schema_of(sample.body) == common_schema(refusals)) return "Error";
  return "Error_" + std::string(sample.name);
}

json::object header_schemas(RefusalSample const& sample) {
  json::object headers;
  for (auto const& name : sample.headers) headers[name] = {{"schema", {{"type", "string"}}}};
  return headers;
}

void add_sample(
    json::object& response, RefusalSample const& sample, std::span<RefusalSample const> refusals
) {
  auto& headers = response["headers"];
  if (!headers.is_object()) headers.emplace_object();
  for (auto& header : header_schemas(sample)) {
    headers.get_object()[header.key()] = std::move(header.value());
  }
  auto& content = response["content"];
  if (!content.is_object()) content.emplace_object();
  auto& media = content.get_object()[sample.content_type];
  if (!media.is_object()) {
    media.emplace_object()["schema"].emplace_object()["anyOf"].emplace_array();
    media.get_object()["examples"].emplace_object();
  }
  json::object reference{{"$ref", "#/components/schemas/" + schema_name(sample, refusals)}};
  auto& schemas = media.at("schema").at("anyOf").get_array();
  if (std::ranges::find(schemas, json::value(reference)) == schemas.end()) {
    schemas.push_back(std::move(reference));
  }
  media.at("examples").get_object()[sample.name] = {{"value", sample.body}};
}

std::string response_name(int status) {
  return "Refusal" + std::to_string(status);
}

}  // namespace

json::object refusal_schemas(std::span<RefusalSample const> refusals) {
  json::object schemas{{"Error", common_schema(refusals)}};
  for (auto const& sample : refusals) {
    schemas.emplace(schema_name(sample, refusals), schema_of(sample.body));
  }
  return schemas;
}

json::object refusal_responses(std::span<RefusalSample const> refusals) {
  json::object responses;
  for (auto const& sample : refusals) {
    auto& response = responses[response_name(sample.status)];
    if (!response.is_object()) response.emplace_object();
    auto& description = response.get_object()["description"];
    std::string text;
    if (auto const* before = description.if_string()) text = std::string(*before) + " ";
    description = text + std::string(sample.meaning);
    add_sample(response.get_object(), sample, refusals);
  }
  return responses;
}

json::object refusal_reference(int status) {
  return {{"$ref", "#/components/responses/" + response_name(status)}};
}

}  // namespace keystead::api
