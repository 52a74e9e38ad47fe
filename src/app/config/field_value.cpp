#include "app/config/field_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "app/config/nearest.hpp"
#include "base/clock.hpp"

namespace keystead::app {
namespace {

using domain::Field;
using domain::FieldType;
using domain::FieldValue;

// A number as YAML and JSON both write it: no sign +, no hexadecimal, no infinity.
template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if constexpr (std::is_floating_point_v<Number>) {
    if (!std::isfinite(value)) return std::nullopt;
  }
  return value;
}

std::optional<FieldValue> read_text(Field const& field, std::string_view text) {
  if (text.size() > field.length_max || text.contains('\0')) return std::nullopt;
  return FieldValue(std::string(text));
}

std::optional<FieldValue> read_date(std::string_view text) {
  constexpr std::size_t kDateSize = 10;
  if (text.size() != kDateSize || !parse_time(std::string(text) + "T00:00:00Z"))
    return std::nullopt;
  return FieldValue(std::string(text));
}

std::optional<FieldValue> as_field_value(Field const& field, std::string_view text, bool quoted) {
  switch (field.type) {
    case FieldType::text: return read_text(field, text);
    case FieldType::date: return read_date(text);
    case FieldType::datetime:
      if (auto time = parse_time(text)) return FieldValue(format_time(*time));
      return std::nullopt;
    case FieldType::choice:
      if (std::ranges::find(field.choices, text) == field.choices.end()) return std::nullopt;
      return FieldValue(std::string(text));
    case FieldType::integer:
      if (auto number = read_number<std::int64_t>(text); number && !quoted)
        return FieldValue(*number);
      return std::nullopt;
    case FieldType::number:
      if (auto number = read_number<double>(text); number && !quoted) return FieldValue(*number);
      return std::nullopt;
    case FieldType::boolean:
      if (quoted || (text != "true" && text != "false")) return std::nullopt;
      return FieldValue(text == "true");
  }
  return std::nullopt;
}

std::string expected_value(Field const& field) {
  switch (field.type) {
    case FieldType::text:
      return "expected text of at most " + std::to_string(field.length_max) + " bytes";
    case FieldType::integer: return "expected a whole number of 64 bits";
    case FieldType::number: return "expected a number";
    case FieldType::boolean: return "expected true or false";
    case FieldType::date: return "expected a date such as 2026-11-22";
    case FieldType::datetime: return "expected a time such as 2026-11-22T16:50:00Z";
    case FieldType::choice: break;
  }
  std::string expected = "expected one of";
  for (auto const& choice : field.choices) {
    expected += (&choice == &field.choices.front() ? " " : ", ") + choice;
  }
  return expected;
}

}  // namespace

FieldValue read_field_value(
    Reading& in, YamlNode const& node, std::string const& path, Field const& field
) {
  if (node.kind == YamlNode::Kind::null) return {};
  auto text = in.scalar(node, path, "a value");
  if (!text) return {};
  bool quoted = node.quoted && !text->from_environment;
  if (auto value = as_field_value(field, text->text, quoted)) return *value;
  in.complain(node.line, path, expected_value(field));
  return {};
}

std::optional<std::size_t> find_field(
    Reading& in,
    std::size_t line,
    std::string const& path,
    std::vector<Field> const& fields,
    std::string_view name
) {
  std::vector<std::string> known(fields.size());
  std::ranges::transform(fields, known.begin(), &Field::name);
  auto at = std::ranges::find(known, name);
  if (at != known.end()) return static_cast<std::size_t>(at - known.begin());
  std::string what = "no such field";
  if (auto meant = nearest(name, known)) what += "; did you mean \"" + *meant + "\"?";
  in.complain(line, path, what);
  return std::nullopt;
}

}  // namespace keystead::app
