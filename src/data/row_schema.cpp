#include "data/row_schema.hpp"

#include <boost/json/array.hpp>

#include "data/field_value.hpp"
#include "data/filter.hpp"
#include "data/row_query.hpp"

namespace keystead::data {
namespace {

using domain::Collection;
using domain::Field;
using domain::FieldType;

json::object of_type(std::string_view type) {
  return {{"type", type}};
}

json::object formatted_text(std::string_view format) {
  return {{"type", "string"}, {"format", format}};
}

json::object type_schema(FieldType type) {
  switch (type) {
    case FieldType::integer: return of_type("integer");
    case FieldType::number: return of_type("number");
    case FieldType::boolean: return of_type("boolean");
    case FieldType::date: return formatted_text("date");
    case FieldType::datetime: return formatted_text("date-time");
    case FieldType::text:
    case FieldType::choice: break;
  }
  return of_type("string");
}

json::object value_schema(Field const& field) {
  json::object schema = type_schema(field.type);
  if (field.type != FieldType::choice) return schema;
  json::array choices;
  for (auto const& choice : field.choices) choices.emplace_back(choice);
  schema["enum"] = std::move(choices);
  return schema;
}

json::object nullable(json::object schema) {
  return {{"anyOf", json::array{std::move(schema), of_type("null")}}};
}

std::string describe(Field const& field) {
  if (!field.unique) return field.description;
  return field.description.empty() ? "Unique." : field.description + " Unique.";
}

json::object with_description(json::object schema, std::string const& description) {
  if (!description.empty()) schema["description"] = description;
  return schema;
}

json::object bounded_schema(Field const& field) {
  json::object schema = value_schema(field);
  // maxLength counts characters and the limit bytes, so this refuses nothing that the codec would
  // take.
  if (field.type == FieldType::text) schema["maxLength"] = field.length_max;
  return schema;
}

json::object argument_schema(Field const& field) {
  json::object schema = bounded_schema(field);
  if (!field.required) schema = nullable(std::move(schema));
  return with_description(std::move(schema), describe(field));
}

// A field as what rows are looked for by: a value, never null.
json::object key_schema(Field const& field) {
  return with_description(bounded_schema(field), field.description);
}

json::object closed_object(json::object properties, json::array required) {
  json::object schema = of_type("object");
  schema["properties"] = std::move(properties);
  if (!required.empty()) schema["required"] = std::move(required);
  schema["additionalProperties"] = false;
  return schema;
}

// The fields of a row as it is given out. A row can be older than the declaration of its fields: it
// may lack one that is required by now, or hold a choice that is none any more. Clients refuse a
// result that breaks this schema, so it promises the type and no more.
void add_fields(Collection const& collection, json::object& properties, json::array& required) {
  for (Field const& field : collection.fields) {
    properties[field.name] = with_description(nullable(type_schema(field.type)), field.description);
    required.emplace_back(field.name);
  }
}

json::object id_schema() {
  return with_description(formatted_text("uuid"), "The row's id.");
}

json::object filter_schema(Collection const& collection, Field const& field) {
  json::object operators;
  for (auto const& known : operators_of(field.type)) operators[known.name] = value_schema(field);
  if (collection.find(field.name) < collection.fields.size()) {
    operators[kIsNull] = of_type("boolean");
  }
  json::object by_operator = closed_object(std::move(operators), {});
  by_operator["minProperties"] = 1;
  return {{"anyOf", json::array{value_schema(field), std::move(by_operator)}}};
}

json::object filters_schema(Collection const& collection, domain::CollectionTool const& tool) {
  json::object properties;
  for (Field const* field : filterable_fields(collection)) {
    if (!why_not_filterable(tool, field->name).empty()) continue;
    properties[field->name] = filter_schema(collection, *field);
  }
  return with_description(
      closed_object(std::move(properties), {}),
      "Only rows that match all of it. A field is given the value that it must have, or an object "
      "of operators, such as {\"gte\": …, \"lt\": …}; contains ignores the case of A to Z."
  );
}

json::object sort_schema(Collection const& collection) {
  json::array orders;
  for (auto name : sortable_names(collection)) {
    orders.emplace_back(name);
    orders.emplace_back("-" + std::string(name));
  }
  json::object schema = of_type("string");
  schema["enum"] = std::move(orders);
  schema["default"] = "id";
  return with_description(
      std::move(schema),
      "The order of the rows; a minus turns it round. By id is oldest first; nulls are least."
  );
}

json::object limit_schema() {
  json::object schema = of_type("integer");
  schema["minimum"] = 1;
  schema["maximum"] = kLimitMax;
  schema["default"] = kLimitDefault;
  return with_description(std::move(schema), "The most rows that one page has.");
}

}  // namespace

json::object list_arguments_schema(
    Collection const& collection, domain::CollectionTool const& tool
) {
  json::object properties;
  json::array required;
  for (auto const& name : tool.require) {
    properties[name] = key_schema(collection.fields.at(collection.find(name)));
    required.emplace_back(name);
  }
  for (auto const& name : tool.optional) {
    properties[name] = key_schema(collection.fields.at(collection.find(name)));
  }
  properties["filter"] = filters_schema(collection, tool);
  properties["sort"] = sort_schema(collection);
  properties["limit"] = limit_schema();
  properties["cursor"] = with_description(
      of_type("string"), "next_cursor of the page before, with the same filter and sort."
  );
  return closed_object(std::move(properties), std::move(required));
}

json::object create_arguments_schema(Collection const& collection) {
  json::object properties;
  json::array required;
  for (Field const& field : collection.fields) {
    json::object schema = argument_schema(field);
    if (field.default_value) {
      schema["default"] = encode_value(*field.default_value);
    } else if (field.required) {
      required.emplace_back(field.name);
    }
    properties[field.name] = std::move(schema);
  }
  return closed_object(std::move(properties), std::move(required));
}

json::object update_arguments_schema(Collection const& collection) {
  json::object properties;
  properties["id"] = id_schema();
  for (Field const& field : collection.fields) properties[field.name] = argument_schema(field);
  return closed_object(std::move(properties), {"id"});
}

json::object id_arguments_schema(std::string_view argument) {
  json::object properties;
  properties[argument] = id_schema();
  return closed_object(std::move(properties), {argument});
}

json::object key_arguments_schema(Field const& field, std::string_view argument) {
  json::object properties;
  properties[argument] = key_schema(field);
  return closed_object(std::move(properties), {argument});
}

json::object row_schema(Collection const& collection) {
  json::object properties;
  json::array required = {"id"};
  properties["id"] = id_schema();
  add_fields(collection, properties, required);
  for (std::string_view name : {"created_at", "updated_at"}) {
    properties[name] = formatted_text("date-time");
    required.emplace_back(name);
  }
  return closed_object(std::move(properties), std::move(required));
}

json::object page_schema(Collection const& collection) {
  json::object items = of_type("array");
  items["items"] = row_schema(collection);
  json::object properties;
  properties["items"] = std::move(items);
  properties["next_cursor"] = with_description(of_type("string"), "Absent on the last page.");
  return closed_object(std::move(properties), {"items"});
}

json::object deletion_schema() {
  json::object properties;
  properties["deleted"] = {{"type", "boolean"}, {"const", true}};
  properties["id"] = id_schema();
  return closed_object(std::move(properties), {"deleted", "id"});
}

json::object proposal_schema(Collection const& collection) {
  json::object fields;
  json::array required;
  add_fields(collection, fields, required);
  json::object properties;
  properties["row"] = closed_object(std::move(fields), std::move(required));
  properties["written"] = {{"type", "boolean"}, {"const", false}};
  return closed_object(std::move(properties), {"row", "written"});
}

}  // namespace keystead::data
