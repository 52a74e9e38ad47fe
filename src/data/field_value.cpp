#include "data/field_value.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "codec/json.hpp"

namespace keystead::data {
namespace {

using domain::Field;
using domain::FieldType;
using domain::FieldValue;

std::unexpected<std::string> wrong(std::string what) {
  return std::unexpected(std::move(what));
}

std::string one_of(Field const& field) {
  std::string text = "must be one of ";
  for (auto const& choice : field.choices) {
    if (&choice != &field.choices.front()) text += ", ";
    text += choice;
  }
  return text;
}

std::string what_it_is_not(Field const& field) {
  switch (field.type) {
    case FieldType::text: return "not text";
    case FieldType::integer: return "not an integer";
    case FieldType::number: return "not a number";
    case FieldType::boolean: return "not true or false";
    case FieldType::date: return "not a date (YYYY-MM-DD)";
    case FieldType::datetime: return "not a date and time (RFC 3339, such as 2026-11-22T16:50:00Z)";
    case FieldType::choice: return one_of(field);
  }
  return "not a value";
}

bool is_date(std::string_view text) {
  // Midnight of a day exists exactly if the day does.
  return text.size() == 10 && parse_time(std::string(text) + "T00:00:00Z").has_value();
}

// The same instant in UTC. Nothing if the offset moves it out of the four-digit years, which no
// reader of RFC 3339 would understand.
std::optional<std::string> time_in_utc(std::string_view text) {
  auto time = parse_time(text);
  if (!time) return std::nullopt;
  std::string utc = format_time(*time);
  if (!parse_time(utc)) return std::nullopt;
  return utc;
}

DecodedValue decode_plain_text(Field const& field, std::string_view text) {
  if (text.contains('\0')) return wrong("holds a NUL character");
  if (text.size() > field.length_max) {
    return wrong("longer than " + std::to_string(field.length_max) + " bytes");
  }
  return FieldValue(std::string(text));
}

DecodedValue decode_text(Field const& field, std::string_view text) {
  switch (field.type) {
    case FieldType::text: return decode_plain_text(field, text);
    case FieldType::date:
      if (is_date(text)) return FieldValue(std::string(text));
      break;
    case FieldType::datetime:
      if (auto utc = time_in_utc(text)) return FieldValue(*std::move(utc));
      break;
    case FieldType::choice:
      if (std::ranges::find(field.choices, text) != field.choices.end()) {
        return FieldValue(std::string(text));
      }
      break;
    case FieldType::integer:
    case FieldType::number:
    case FieldType::boolean: break;
  }
  return wrong(what_it_is_not(field));
}

constexpr char const* kInexact = "not an exact signed 64-bit integer";

// JSON Schema 2020-12 §4.2.3 calls 1.0 an integer, so it is one here too; but past 2^53 a double
// may have been rounded from another number, and an integer is never stored as what it was not.
DecodedValue decode_integer(Field const& field, json::value const& value) {
  if (value.is_int64()) return FieldValue(value.get_int64());
  if (value.is_uint64()) return wrong(kInexact);
  if (!value.is_double()) return wrong(what_it_is_not(field));
  double number = value.get_double();
  if (number != std::trunc(number)) return wrong(what_it_is_not(field));
  constexpr double kInexactFrom = 9007199254740992.0;  // 2^53
  if (std::abs(number) >= kInexactFrom) return wrong(kInexact);
  return FieldValue(static_cast<std::int64_t>(number));
}

DecodedValue decode_number(Field const& field, json::value const& value) {
  if (value.is_int64()) return FieldValue(static_cast<double>(value.get_int64()));
  if (value.is_uint64()) return FieldValue(static_cast<double>(value.get_uint64()));
  if (value.is_double() && std::isfinite(value.get_double())) return FieldValue(value.get_double());
  return wrong(what_it_is_not(field));
}

bool is_written_as_text(FieldType type) {
  return type != FieldType::integer && type != FieldType::number && type != FieldType::boolean;
}

}  // namespace

DecodedValue decode_value(Field const& field, json::value const& value) {
  switch (field.type) {
    case FieldType::integer: return decode_integer(field, value);
    case FieldType::number: return decode_number(field, value);
    case FieldType::boolean:
      if (value.is_bool()) return FieldValue(value.get_bool());
      return wrong(what_it_is_not(field));
    case FieldType::text:
    case FieldType::date:
    case FieldType::datetime:
    case FieldType::choice: break;
  }
  if (!value.is_string()) return wrong(what_it_is_not(field));
  auto const& text = value.get_string();
  return decode_text(field, std::string_view(text.data(), text.size()));
}

DecodedValue parse_value(Field const& field, std::string_view text) {
  if (is_written_as_text(field.type)) return decode_text(field, text);
  // JSON allows white space around a value; a parameter " 1" is not 1.
  if (text.find_first_of(" \t\r\n") != std::string_view::npos) return wrong(what_it_is_not(field));
  auto value = codec::parse_json(text);
  if (!value) return wrong(what_it_is_not(field));
  return decode_value(field, *value);
}

json::value encode_value(FieldValue const& value) {
  if (auto const* truth = std::get_if<bool>(&value)) return *truth;
  if (auto const* integer = std::get_if<std::int64_t>(&value)) return *integer;
  if (auto const* number = std::get_if<double>(&value)) return *number;
  if (auto const* text = std::get_if<std::string>(&value)) return json::value(*text);
  return nullptr;
}

}  // namespace keystead::data
