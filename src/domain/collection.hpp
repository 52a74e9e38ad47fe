// A collection as configuration declares it: what a tenant's rows of one kind look like.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"

namespace keystead::domain {

// A value of a field; monostate is null. Dates and times are text in the forms that FieldType says.
using FieldValue = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

enum class FieldType {
  text,
  integer,  // 64 bit
  number,   // finite double
  boolean,
  date,      // 2026-11-22
  datetime,  // RFC 3339 in UTC, as base/clock writes it
  choice,    // one of Field::choices
};

struct Field {
  std::string name;  // [a-z][a-z0-9_]{0,62}
  FieldType type = FieldType::text;
  bool required = false;
  bool unique = false;  // within the tenant; null is never equal to null
  std::vector<std::string> choices;
  std::optional<FieldValue> default_value;
  std::string description;
  std::size_t length_max = 65536;  // of text, in bytes
};

struct Collection {
  std::string name;  // as a field's
  std::string description;
  std::vector<Field> fields;  // in the order of the configuration; at most 100
  std::string read_scope;     // empty: any principal of the tenant
  std::string write_scope;

  // The index of a field; fields.size() if there is none.
  std::size_t find(std::string_view field) const {
    std::size_t index = 0;
    while (index < fields.size() && fields[index].name != field) ++index;
    return index;
  }
};

struct Row {
  std::string id;  // UUID version 7
  Time created_at;
  Time updated_at;
  std::vector<FieldValue> values;  // in the order of Collection::fields
};

}  // namespace keystead::domain
