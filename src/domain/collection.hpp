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

// What a tool of a collection does. A proposal is everything that a creation does, up to the
// writing.
enum class Operation { list, get, create, update, remove, propose };

// A condition that the configuration sets and no caller can lift; null stands for an empty field.
struct FixedValue {
  std::string field;
  FieldValue value;
};

// A tool over one collection. What it leaves empty is made from its operation.
struct CollectionTool {
  std::string name;  // [A-Za-z0-9_./-]{1,64}
  Operation operation = Operation::list;
  std::string title = {};
  std::string description = {};
  std::vector<FixedValue> where = {};      // list and get see only rows with these values
  std::vector<std::string> require = {};   // list: fields whose value the caller must give,
  std::vector<std::string> optional = {};  // or may give, as arguments of those names
  std::string by = {};                     // get: a unique field; empty: the id
  std::string argument = {};               // get: its argument; empty: id, or the name of `by`
  std::optional<std::string> scope = {};   // none: the collection's, by what the tool does
};

struct Collection {
  std::string name;  // as a field's
  std::string description;
  std::vector<Field> fields;  // in the order of the configuration; at most 100
  std::string read_scope;     // empty: any principal of the tenant
  std::string write_scope;
  // None: the five that every collection has, <name>_list, _get, _create, _update and _delete.
  std::optional<std::vector<CollectionTool>> tools;
  bool rest = true;  // whether it is a resource under /api/v1

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
