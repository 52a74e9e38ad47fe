#include "api/example_value.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "api/markdown.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kChecksumLength = 6;
constexpr std::size_t kChoicesShown = 20;

std::string_view view(json::value const* value) {
  if (value && value->is_array() && !value->get_array().empty()) value = &value->get_array()[0];
  if (!value || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

json::object const* first_choice(json::object const& schema) {
  auto const* choices = schema.if_contains("anyOf");
  if (!choices || !choices->is_array() || choices->get_array().empty()) return nullptr;
  return choices->get_array()[0].if_object();
}

json::value example_text(std::string_view format) {
  if (format == "date") return "2027-01-31";
  if (format == "date-time") return "2027-01-31T12:00:00Z";
  if (format == "uuid") return "019a0000-0000-7000-8000-000000000000";
  return "text";
}

json::value example_object(json::object const& schema) {
  json::object out;
  auto const* properties = schema.if_contains("properties");
  if (!properties || !properties->is_object()) return out;
  auto add = [&](json::object::value_type const& property) {
    if (auto const* inner = property.value().if_object()) {
      out[property.key()] = example_value(*inner);
    }
  };
  if (auto const* required = schema.if_contains("required")) {
    for (auto const& name : required->as_array()) {
      auto const* property = properties->get_object().find(name.as_string());
      if (property != properties->get_object().end()) add(*property);
    }
  }
  if (out.empty() && !properties->get_object().empty()) add(*properties->get_object().begin());
  return out;
}

std::string names_of(json::array const& choices) {
  std::string text;
  for (std::size_t i = 0; i < std::min(choices.size(), kChoicesShown); ++i) {
    auto name =
        choices[i].is_string() ? std::string(view(&choices[i])) : codec::to_text(choices[i]);
    text += (i == 0 ? "" : ", ") + code(name);
  }
  return choices.size() > kChoicesShown ? text + ", …" : text;
}

}  // namespace

json::value example_value(json::object const& schema) {
  if (auto const* constant = schema.if_contains("const")) return *constant;
  auto const* choices = schema.if_contains("enum");
  if (choices && !choices->as_array().empty()) return choices->get_array()[0];
  if (auto const* choice = first_choice(schema)) return example_value(*choice);
  auto type = view(schema.if_contains("type"));
  if (type == "integer") return 1;
  if (type == "number") return 1.5;
  if (type == "boolean") return true;
  if (type == "object") return example_object(schema);
  if (type != "array") return example_text(view(schema.if_contains("format")));
  json::array list;
  auto const* items = schema.if_contains("items");
  if (items && items->is_object()) list.push_back(example_value(items->get_object()));
  return list;
}

std::string type_name(json::object const& schema) {
  if (auto const* choices = schema.if_contains("enum")) {
    return "one of " + names_of(choices->as_array());
  }
  if (auto const* choice = first_choice(schema)) return type_name(*choice);
  auto format = view(schema.if_contains("format"));
  if (!format.empty()) return std::string(format);
  auto type = view(schema.if_contains("type"));
  if (type == "array") return "list";
  return type == "string" || type.empty() ? "text" : std::string(type);
}

std::string example_key(std::string_view grammar) {
  std::string key;
  while (!grammar.empty()) {
    auto literal = grammar.substr(0, grammar.find('{'));
    key += literal;
    grammar.remove_prefix(literal.size());
    if (grammar.empty()) break;
    auto part = grammar.substr(1, std::min(grammar.find('}'), grammar.size()) - 1);
    grammar.remove_prefix(std::min(part.size() + 2, grammar.size()));
    auto detail = part.substr(std::min(part.find(':') + 1, part.size()));
    if (part.starts_with("env:")) {
      key += detail.substr(0, detail.find('|'));
      continue;
    }
    std::size_t length = kChecksumLength;
    if (part != "crc") std::from_chars(detail.data(), detail.data() + detail.size(), length);
    key.append(length, 'x');
  }
  return key;
}

}  // namespace keystead::api
