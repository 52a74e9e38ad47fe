#include "store/restriction_text.hpp"

#include "codec/json.hpp"

namespace keystead::store {
namespace {

namespace json = codec::json;

json::array text_array(std::vector<std::string> const& texts) {
  json::array array;
  for (auto const& text : texts) array.emplace_back(text);
  return array;
}

json::array argument_array(std::vector<domain::ArgumentLimit> const& limits) {
  json::array array;
  for (auto const& limit : limits) {
    json::object object;
    object["name"] = limit.name;
    object["values"] = text_array(limit.values);
    array.emplace_back(std::move(object));
  }
  return array;
}

std::unexpected<Failure> malformed(std::string_view what) {
  return fail(Code::invalid_request, "a stored restriction is malformed: " + std::string(what));
}

Result<std::string> text_of(json::value const& value) {
  if (!value.is_string()) return malformed("expected text");
  return std::string(value.get_string());
}

Result<std::vector<std::string>> texts_of(json::value const& value) {
  if (!value.is_array()) return malformed("expected an array");
  std::vector<std::string> texts;
  for (auto const& each : value.get_array()) texts.push_back(TRY(text_of(each)));
  return texts;
}

Result<domain::ArgumentLimit> limit_of(json::value const& value) {
  auto const* object = value.if_object();
  if (object == nullptr || object->size() != 2 || !object->contains("name") ||
      !object->contains("values")) {
    return malformed("arguments");
  }
  domain::ArgumentLimit limit;
  limit.name = TRY(text_of(object->at("name")));
  limit.values = TRY(texts_of(object->at("values")));
  return limit;
}

Result<std::vector<domain::ArgumentLimit>> limits_of(json::value const& value) {
  if (!value.is_array()) return malformed("expected an array");
  std::vector<domain::ArgumentLimit> limits;
  for (auto const& each : value.get_array()) limits.push_back(TRY(limit_of(each)));
  return limits;
}

Result<std::vector<domain::AddressRange>> ranges_of(json::value const& value) {
  std::vector<domain::AddressRange> ranges;
  auto texts = TRY(texts_of(value));
  ranges.reserve(texts.size());
  for (auto const& text : texts) ranges.push_back(TRY(domain::AddressRange::parse(text)));
  return ranges;
}

Result<std::vector<domain::KeyId>> ids_of(json::value const& value) {
  std::vector<domain::KeyId> ids;
  auto texts = TRY(texts_of(value));
  ids.reserve(texts.size());
  for (auto const& text : texts) {
    auto id = domain::KeyId::parse(text);
    if (!id) return malformed("ancestors");
    ids.push_back(*id);
  }
  return ids;
}

Result<void> read_member(
    std::string_view name, json::value const& value, domain::Restriction& restriction
) {
  if (name == "tools")
    restriction.tools = TRY(texts_of(value));
  else if (name == "arguments")
    restriction.arguments = TRY(limits_of(value));
  else if (name == "addresses")
    restriction.addresses = TRY(ranges_of(value));
  else if (name == "ancestors")
    restriction.ancestors = TRY(ids_of(value));
  else
    return malformed("unknown member");
  return {};
}

}  // namespace

std::string restriction_text(domain::Restriction const& restriction) {
  json::object object;
  if (!restriction.tools.empty()) object["tools"] = text_array(restriction.tools);
  if (!restriction.arguments.empty()) object["arguments"] = argument_array(restriction.arguments);
  if (!restriction.addresses.empty()) {
    auto& array = object["addresses"].emplace_array();
    for (auto const& range : restriction.addresses) array.emplace_back(range.text());
  }
  if (!restriction.ancestors.empty()) {
    auto& array = object["ancestors"].emplace_array();
    for (auto const& ancestor : restriction.ancestors) array.emplace_back(ancestor.text());
  }
  std::string text;
  codec::append_text(text, object);
  return text;
}

Result<domain::Restriction> parse_restriction(std::string_view text) {
  auto value = TRY(codec::parse_json(text));
  if (!value.is_object()) return malformed("expected an object");
  domain::Restriction restriction;
  for (auto const& member : value.get_object()) {
    TRY(read_member(member.key(), member.value(), restriction));
  }
  return restriction;
}

}  // namespace keystead::store
