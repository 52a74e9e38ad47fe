// The visitor that writes JSON Schema 2020-12. Every scalar may also be a text with a reference to
// the environment, so the types of numbers and booleans admit a string that holds "${".
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "api/key_json.hpp"
#include "api/problem.hpp"
#include "app/config/config.hpp"
#include "app/config/describe.hpp"

namespace keystead::app {
namespace {

constexpr char kReference[] = "\\$\\{";

class SchemaWriter {
 public:
  template <class T>
  void field(std::string_view key, T&& value, std::string_view description, Rule const& rule = {});

  json::object take() {
    json::object schema{
        {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties_)}
    };
    if (!required_.empty()) schema["required"] = std::move(required_);
    return schema;
  }

 private:
  json::object properties_;
  json::array required_;
};

json::object plain_or_reference(char const* type) {
  return {{"type", json::array{type, "string"}}, {"pattern", kReference}};
}

json::object schema_of(bool, Rule const&) {
  return plain_or_reference("boolean");
}

json::object schema_of(std::size_t, Rule const& rule) {
  json::object schema = plain_or_reference("integer");
  schema["minimum"] = rule.min;
  schema["maximum"] = rule.max;
  return schema;
}

// JSON Schema counts characters and configuration counts bytes, so only the bounds that hold for
// both are given.
json::object schema_of(std::string const&, Rule const& rule) {
  json::object schema{{"type", "string"}};
  if (rule.min > 0) schema["minLength"] = rule.min;
  if (rule.max < std::numeric_limits<std::int64_t>::max()) schema["maxLength"] = rule.max;
  return schema;
}

json::object schema_of(int, Rule const& rule) {
  return schema_of(std::size_t{}, rule);
}

json::object schema_of(Pepper const&, Rule const&) {
  return {{"type", "string"}, {"pattern", kReference}};
}

json::object schema_of(SigningSecret const&, Rule const&) {
  return {{"type", "string"}, {"pattern", kReference}};
}

json::object schema_of(ClientSecret const&, Rule const&) {
  return {{"type", "string"}, {"pattern", kReference}};
}

json::object schema_of(DenialText const&, Rule const&) {
  return {{"type", "string"}, {"minLength", 1}};
}

json::object schema_of(DenialBody const&, Rule const&) {
  return {{"type", "object"}};
}

json::object schema_of(LimitOrNone const&, Rule const&) {
  return {
      {"anyOf", json::array{TextForm<authz::RateLimit>::schema(), json::object{{"const", "none"}}}}
  };
}

json::object schema_of(RawScalar const&, Rule const&) {
  return {{"type", json::array{"string", "number", "boolean"}}};
}

template <HasTextForm T>
json::object schema_of(T const&, Rule const&) {
  return TextForm<T>::schema();
}

json::object map_of(json::object values) {
  return {{"type", "object"}, {"additionalProperties", std::move(values)}};
}

json::object list_of(json::object values) {
  return {{"type", "array"}, {"items", std::move(values)}};
}

json::object names_only(json::object schema) {
  schema["propertyNames"] = json::object{{"pattern", "^[a-z][a-z0-9_]{0,62}$"}};
  return schema;
}

json::object schema_of(TenantConfig const&, Rule const&) {
  json::object noun{{"type", "string"}, {"minLength", 1}};
  json::object list = list_of(noun);
  list["minItems"] = 1;
  list["maxItems"] = 2;
  return {{"anyOf", json::array{std::move(noun), std::move(list)}}};
}

json::object schema_of(Scopes const&, Rule const&) {
  return map_of({{"type", "string"}, {"minLength", 1}});
}

json::object schema_of(ImpliedScopes const&, Rule const&) {
  return map_of(list_of({{"type", "string"}, {"minLength", 1}}));
}

template <class Texts>
json::array to_array(Texts const& texts) {
  json::array list;
  for (auto const& text : texts) list.emplace_back(text);
  return list;
}

template <class Texts>
json::object one_of(Texts const& texts) {
  json::object choice{{"enum", to_array(texts)}};
  json::object reference{{"type", "string"}, {"pattern", kReference}};
  return {{"anyOf", json::array{std::move(choice), std::move(reference)}}};
}

json::object schema_of(Scopeless const&, Rule const&) {
  return one_of(std::array<std::string_view, 2>{"full", "refused"});
}

json::object schema_of(KeyMembers const&, Rule const&) {
  return names_only(map_of(one_of(api::KeyJson::sources())));
}

json::object schema_of(ToolLimits const&, Rule const&) {
  return map_of(TextForm<authz::RateLimit>::schema());
}

json::object schema_of(ArgumentLimits const&, Rule const&) {
  json::object values = list_of({{"type", json::array{"string", "number", "boolean"}}});
  values["minItems"] = 1;
  return map_of(std::move(values));
}

json::object schema_of(PublicKeys const&, Rule const&) {
  return map_of(TextForm<std::filesystem::path>::schema());
}

json::object schema_of(std::vector<domain::AddressRange> const&, Rule const&) {
  return list_of(TextForm<domain::AddressRange>::schema());
}

json::object schema_of(Samples const&, Rule const&) {
  return list_of({{"type", "object"}});
}

template <class T>
json::object schema_of_object(T value) {
  SchemaWriter writer;
  describe(writer, value);
  return writer.take();
}

json::object schema_of(Fields const&, Rule const&) {
  json::object shorthand{
      {"type", "string"},
      {"pattern", std::string("^(text|integer|number|boolean|date|datetime)!?$|") + kReference}
  };
  json::object choices = list_of({{"type", "string"}, {"minLength", 1}});
  choices["minItems"] = 1;
  json::array forms{std::move(shorthand), std::move(choices), schema_of_object(FieldForm{})};
  return names_only(map_of({{"anyOf", std::move(forms)}}));
}

json::object schema_of(RawMap const&, Rule const&) {
  return map_of({{"type", json::array{"string", "number", "boolean", "null"}}});
}

json::object schema_of(CollectionTools const&, Rule const&) {
  json::object shorthand{
      {"type", "string"},
      {"pattern", std::string("^(list|get|create|update|delete|propose)$|") + kReference}
  };
  json::array forms{std::move(shorthand), schema_of_object(ToolForm{})};
  json::object schema = map_of({{"anyOf", std::move(forms)}});
  schema["propertyNames"] = json::object{{"pattern", "^[A-Za-z0-9_./-]{1,64}$"}};
  return schema;
}

json::object schema_of(Denials const&, Rule const&) {
  json::object schema = map_of(schema_of_object(api::DenialForm{}));
  schema["propertyNames"] = json::object{{"enum", to_array(api::Problems::form_names())}};
  return schema;
}

json::object schema_of(Rules const&, Rule const&) {
  return names_only(map_of(schema_of_object(RuleForm{})));
}

template <Described T>
json::object schema_of(T const& value, Rule const&) {
  return schema_of_object(value);
}

template <class T>
json::object schema_of(std::vector<T> const&, Rule const& rule) {
  return list_of(schema_of(T{}, rule));
}

template <class T>
json::object schema_of(std::optional<T> const&, Rule const& rule) {
  return schema_of(T{}, rule);
}

template <class T>
json::object schema_of(ByName<T> const&, Rule const& rule) {
  return names_only(map_of(schema_of(T{}, rule)));
}

// The default of a field as a reader would write it; nothing where absence means something else
// than any value.
std::optional<json::value> default_of(auto const&) {
  return std::nullopt;
}

std::optional<json::value> default_of(bool value) {
  return json::value(value);
}

std::optional<json::value> default_of(std::size_t value) {
  return json::value(value);
}

std::optional<json::value> default_of(std::string const& value) {
  if (value.empty()) return std::nullopt;
  return json::value(value);
}

std::optional<json::value> default_of(Scopeless const& value) {
  return json::value(value.is_full ? "full" : "refused");
}

std::optional<json::value> default_of(LimitOrNone const& value) {
  if (!value.limit) return std::nullopt;
  return json::value(value.limit->text());
}

std::optional<json::value> default_of(TenantConfig const& value) {
  return json::value(value.nouns.front());
}

std::optional<json::value> default_of(std::vector<std::string> const& values) {
  if (values.empty()) return std::nullopt;
  json::array list;
  for (auto const& value : values) list.emplace_back(value);
  return list;
}

template <HasTextForm T>
std::optional<json::value> default_of(T const& value) {
  std::string text = TextForm<T>::write(value);
  if (text.empty()) return std::nullopt;
  return json::value(text);
}

template <class T>
void SchemaWriter::field(
    std::string_view key, T&& value, std::string_view description, Rule const& rule
) {
  json::object schema{{"description", description}};
  for (auto& [name, said] : schema_of(value, rule)) schema[name] = std::move(said);
  if (auto usual = default_of(value)) schema["default"] = std::move(*usual);
  if (rule.required) required_.emplace_back(key);
  properties_[key] = std::move(schema);
}

}  // namespace

json::object config_schema() {
  json::object schema{
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "Keystead configuration"},
  };
  for (auto& [name, said] : schema_of_object(Config{})) schema[name] = std::move(said);
  return schema;
}

}  // namespace keystead::app
