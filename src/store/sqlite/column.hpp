// How a collection's fields lie in a table: the names of tables and columns, and the form in which
// each type is stored. Names come from the configuration only; values never become part of SQL
// text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/collection.hpp"
#include "store/sqlite/statement.hpp"

namespace keystead::store {

// What a row can be filtered and sorted by: id, created_at, updated_at, or a field.
struct Column {
  enum class Kind { id, created_at, updated_at, field };
  Kind kind;
  std::size_t field = 0;  // index into Collection::fields, for Kind::field
  std::string sql;        // the quoted name
};

// Quoted names. Throw std::logic_error for a name that the configuration should have refused.
std::string table_of(domain::Collection const& collection);  // "c_tasks"
std::string column_of(domain::Field const& field);           // "f_title"
std::string unique_index_of(domain::Collection const& collection, domain::Field const& field);

// The type with which a column is declared in a STRICT table.
std::string_view declared_type(domain::FieldType type);

// Code::invalid_request for an unknown name.
Result<Column> find_column(domain::Collection const& collection, std::string_view name);

// The stored form of a value: booleans are 0 and 1, times of created_at and updated_at
// milliseconds, date-times text of one width so that they sort as text. Code::invalid_request if
// the value is not of the type: SQLite would convert "1" to 1.
Result<domain::FieldValue> to_stored(domain::Field const& field, domain::FieldValue const& value);
Result<domain::FieldValue> to_stored(
    domain::Collection const& collection, Column const& column, domain::FieldValue const& value
);

// The stored form of a row's own value in this column.
domain::FieldValue stored_in(
    domain::Collection const& collection, Column const& column, domain::Row const& row
);

void bind_stored(Statement& statement, domain::FieldValue const& value);

// The value of a field, read from the present row of a statement.
domain::FieldValue read_value(Statement const& row, int column, domain::FieldType type);

}  // namespace keystead::store
