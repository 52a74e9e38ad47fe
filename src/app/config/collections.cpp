// Collections as the file writes them: field shorthands, choices, defaults and sample rows.
#include <algorithm>
#include <array>
#include <utility>

#include "app/config/field_value.hpp"
#include "app/config/nearest.hpp"
#include "app/config/reader.hpp"

namespace keystead::app {
namespace {

using domain::Field;
using domain::FieldType;
using domain::FieldValue;

struct TypeName {
  std::string_view name;
  FieldType type;
};
constexpr std::array<TypeName, 6> kTypes{
    {{"text", FieldType::text},
     {"integer", FieldType::integer},
     {"number", FieldType::number},
     {"boolean", FieldType::boolean},
     {"date", FieldType::date},
     {"datetime", FieldType::datetime}}
};

constexpr Rule kChoice{.min = 1, .max = 100};

// "text!" and the like. Leaves the field alone and complains if there is no such type.
void set_type(
    Reading& in, YamlNode const& node, std::string const& path, Field& field, std::string_view text
) {
  bool required = text.ends_with('!');
  std::string_view name = text.substr(0, text.size() - (required ? 1 : 0));
  auto at = std::ranges::find(kTypes, name, &TypeName::name);
  if (at != kTypes.end()) {
    field.type = at->type;
    field.required = field.required || required;
    return;
  }
  std::string what =
      "expected text, integer, number, boolean, date or datetime, with ! if required";
  std::vector<std::string> names(kTypes.size());
  std::ranges::transform(kTypes, names.begin(), [](TypeName const& type) {
    return std::string(type.name);
  });
  if (auto meant = nearest(name, names)) what += "; did you mean \"" + *meant + "\"?";
  in.complain(node.line, path, what);
}

void set_choices(
    Reading& in,
    YamlNode const& node,
    std::string const& path,
    Field& field,
    std::vector<std::string> choices
) {
  constexpr std::size_t kChoicesMax = 200;
  field.type = FieldType::choice;
  field.choices = std::move(choices);
  if (field.choices.empty() || field.choices.size() > kChoicesMax) {
    in.complain(node.line, path, "expected 1 to " + std::to_string(kChoicesMax) + " choices");
  }
  auto sorted = field.choices;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    in.complain(node.line, path, "a choice comes twice");
  }
}

void check_form(Reading& in, YamlNode const& node, std::string const& path, Field const& field) {
  bool has_max = in.has(join(path, "max"));
  if (has_max && field.type != FieldType::text) {
    in.complain_at(join(path, "max"), "only text has a greatest length");
  }
  if (field.unique && field.default_value) {
    in.complain(
        node.line, path, "a unique field cannot have a default: the second row would repeat it"
    );
  }
}

// {type: text, required: true, ...}
void read_spelt_out(Reading& in, YamlNode const& node, std::string const& path, Field& field) {
  FieldForm form;
  read_value(in, node, path, form, Rule{});
  field.required = form.required;
  field.unique = form.unique;
  field.description = form.description;
  field.length_max = form.max;
  bool has_type = in.has(join(path, "type")), has_choices = in.has(join(path, "choices"));
  if (has_type == has_choices) {
    in.complain(node.line, path, "expected either \"type\" or \"choices\"");
    return;
  }
  if (has_choices) {
    set_choices(in, node, join(path, "choices"), field, form.choices);
  } else {
    set_type(in, node, join(path, "type"), field, form.type);
  }
  if (form.default_value.node) {
    YamlNode const& value = *form.default_value.node;
    if (value.kind == YamlNode::Kind::null) {
      in.complain(value.line, join(path, "default"), "expected a value, found nothing");
    } else {
      field.default_value = read_field_value(in, value, join(path, "default"), field);
    }
  }
  check_form(in, node, path, field);
}

void read_field(Reading& in, YamlNode const& node, std::string const& path, Field& field) {
  if (node.kind == YamlNode::Kind::map) {
    read_spelt_out(in, node, path, field);
  } else if (node.kind == YamlNode::Kind::list) {
    std::vector<std::string> choices;
    read_value(in, node, path, choices, kChoice);
    set_choices(in, node, path, field, std::move(choices));
  } else if (auto text = in.scalar(node, path, "a type, a list of choices, or a map")) {
    set_type(in, node, path, field, text->text);
  }
}

std::vector<FieldValue> read_row(
    Reading& in, YamlNode const& node, std::string const& path, std::vector<Field> const& fields
) {
  std::vector<FieldValue> row(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i)
    row[i] = fields[i].default_value.value_or(FieldValue{});
  for (Entry const& entry : entries_of(in, node, path)) {
    std::string value_path = join(path, entry.key->text);
    if (auto index = find_field(in, entry.key->line, value_path, fields, entry.key->text)) {
      row[*index] = read_field_value(in, *entry.value, value_path, fields[*index]);
    }
  }
  return row;
}

// `before` are the rows above this one.
void check_row(
    Reading& in,
    YamlNode const& node,
    std::string const& path,
    Samples const& samples,
    std::vector<FieldValue> const& row
) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    Field const& field = samples.fields[i];
    bool is_null = std::holds_alternative<std::monostate>(row[i]);
    if (field.required && is_null) {
      in.complain(node.line, path, "\"" + field.name + "\" is missing");
    }
    auto equal = [&](std::vector<FieldValue> const& other) { return other[i] == row[i]; };
    if (field.unique && !is_null && std::ranges::any_of(samples.rows, equal)) {
      in.complain(
          node.line, path, "\"" + field.name + "\" is unique, and a row above has the same value"
      );
    }
  }
}

}  // namespace

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Fields out, Rule const&
) {
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    std::string field_path = join(path, entry.key->text);
    in.note_line(field_path, entry.key->line);
    Field& field = out.fields.emplace_back();
    field.name = entry.key->text;
    read_field(in, *entry.value, field_path, field);
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Samples out, Rule const&
) {
  if (!in.is_list(node, path)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    std::string row_path = join(path, i);
    if (!in.is_map(node.items[i], row_path)) continue;
    std::size_t mistakes_before = in.mistakes().size();
    auto row = read_row(in, node.items[i], row_path, out.fields);
    if (in.mistakes().size() == mistakes_before) check_row(in, node.items[i], row_path, out, row);
    out.rows.push_back(std::move(row));
  }
}

}  // namespace keystead::app
