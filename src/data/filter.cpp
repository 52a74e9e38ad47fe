#include "data/filter.hpp"

#include <algorithm>
#include <array>

namespace keystead::data {
namespace {

using domain::Field;
using domain::FieldType;
using store::Comparison;

constexpr std::array<FilterOperator, 7> kOperators = {{
    {"eq", Comparison::equal},
    {"ne", Comparison::not_equal},
    {"lt", Comparison::less},
    {"lte", Comparison::less_or_equal},
    {"gt", Comparison::greater},
    {"gte", Comparison::greater_or_equal},
    {"contains", Comparison::contains},
}};
constexpr std::size_t kEqualityCount = 2;
constexpr std::size_t kOrderCount = 6;

Field time_of_row(std::string_view name) {
  Field field;
  field.name = name;
  field.type = FieldType::datetime;
  field.required = true;
  return field;
}

Field const& created_at() {
  static Field const kField = time_of_row("created_at");
  return kField;
}

Field const& updated_at() {
  static Field const kField = time_of_row("updated_at");
  return kField;
}

}  // namespace

std::span<FilterOperator const> operators_of(FieldType type) {
  std::span<FilterOperator const> all = kOperators;
  switch (type) {
    case FieldType::text: return all;
    case FieldType::boolean:
    case FieldType::choice: return all.first(kEqualityCount);
    case FieldType::integer:
    case FieldType::number:
    case FieldType::date:
    case FieldType::datetime: break;
  }
  return all.first(kOrderCount);
}

Field const* find_filterable(domain::Collection const& collection, std::string_view name) {
  if (std::size_t index = collection.find(name); index < collection.fields.size()) {
    return &collection.fields[index];
  }
  if (name == created_at().name) return &created_at();
  if (name == updated_at().name) return &updated_at();
  return nullptr;
}

std::vector<Field const*> filterable_fields(domain::Collection const& collection) {
  std::vector<Field const*> fields;
  fields.reserve(collection.fields.size() + 2);
  for (Field const& field : collection.fields) fields.push_back(&field);
  fields.push_back(&created_at());
  fields.push_back(&updated_at());
  return fields;
}

std::string_view why_not_filterable(domain::CollectionTool const& tool, std::string_view field) {
  auto fixed = std::ranges::find(tool.where, field, &domain::FixedValue::field);
  if (fixed != tool.where.end()) return "this tool sets it";
  auto required = std::ranges::find(tool.require, field);
  return required == tool.require.end() ? "" : "it is an argument of its own";
}

std::vector<std::string_view> sortable_names(domain::Collection const& collection) {
  std::vector<std::string_view> names = {"id"};
  for (Field const* field : filterable_fields(collection)) names.push_back(field->name);
  return names;
}

}  // namespace keystead::data
