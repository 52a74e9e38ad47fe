// For tests: whether a value is valid under the keywords of JSON Schema that row_schema uses. A
// keyword it does not know is an error, so that a schema cannot pass by saying what nobody checked.
#pragma once

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string>

#include <boost/json/value.hpp>

#include "base/clock.hpp"
#include "base/id.hpp"

namespace keystead::data {

namespace json = boost::json;

inline bool schema_accepts(json::object const& schema, json::value const& value);

inline bool has_json_type(std::string_view type, json::value const& value) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  if (type != "integer") throw std::runtime_error("unknown type " + std::string(type));
  return value.is_int64() || value.is_uint64() ||
         (value.is_double() && value.get_double() == std::trunc(value.get_double()));
}

inline bool has_format(std::string_view format, std::string const& text) {
  if (format == "uuid") return parse_uuid(text).has_value();
  if (format == "date-time") return parse_time(text).has_value();
  if (format == "date") return text.size() == 10 && parse_time(text + "T00:00:00Z").has_value();
  throw std::runtime_error("unknown format " + std::string(format));
}

inline std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

inline bool schema_accepts_member(
    json::object const& schema, std::string_view name, json::value const& value
) {
  auto const* properties = schema.if_contains("properties");
  auto const* property = properties ? properties->as_object().if_contains(name) : nullptr;
  if (property) return schema_accepts(property->as_object(), value);
  auto const* additional = schema.if_contains("additionalProperties");
  return !additional || additional->as_bool();
}

inline bool keyword_accepts(
    json::object const& schema,
    std::string_view keyword,
    json::value const& rule,
    json::value const& value
) {
  static std::set<std::string_view> const kAnnotations = {"description", "default", "properties"};
  if (kAnnotations.contains(keyword)) return true;
  auto const* text = value.if_string();
  if (keyword == "type") return has_json_type(rule.as_string(), value);
  if (keyword == "format") return !text || has_format(rule.as_string(), std::string(*text));
  if (keyword == "const") return value == rule;
  if (keyword == "maxLength")
    return !text || count_characters(*text) <= rule.to_number<std::size_t>();
  if (keyword == "minimum")
    return !value.is_number() || value.to_number<double>() >= rule.to_number<double>();
  if (keyword == "maximum")
    return !value.is_number() || value.to_number<double>() <= rule.to_number<double>();
  if (keyword == "enum") return std::ranges::find(rule.as_array(), value) != rule.as_array().end();
  if (keyword == "anyOf") {
    return std::ranges::any_of(rule.as_array(), [&](json::value const& branch) {
      return schema_accepts(branch.as_object(), value);
    });
  }
  if (keyword == "items") {
    return !value.is_array() ||
           std::ranges::all_of(value.get_array(), [&](json::value const& item) {
             return schema_accepts(rule.as_object(), item);
           });
  }
  if (keyword == "required") {
    return !value.is_object() || std::ranges::all_of(rule.as_array(), [&](json::value const& name) {
      return value.get_object().contains(name.as_string());
    });
  }
  if (keyword == "minProperties") {
    return !value.is_object() || value.get_object().size() >= rule.to_number<std::size_t>();
  }
  if (keyword == "additionalProperties") {
    return !value.is_object() || std::ranges::all_of(value.get_object(), [&](auto const& member) {
      return schema_accepts_member(schema, member.key(), member.value());
    });
  }
  throw std::runtime_error("unknown keyword " + std::string(keyword));
}

inline bool schema_accepts(json::object const& schema, json::value const& value) {
  return std::ranges::all_of(schema, [&](auto const& rule) {
    return keyword_accepts(schema, rule.key(), rule.value(), value);
  });
}

}  // namespace keystead::data
