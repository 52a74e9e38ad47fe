// How a collection's fields lie in a table: the names of tables and columns, and the form in which
// each type is stored. Names come from the configuration only; values never become part of SQL
// text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/collection.hpp"
#include "store/dialect.hpp"

namespace keystead::store {

// What a row can be filtered and sorted by: id, created_at, updated_at, or a field.
struct Column {
  enum class Kind { id, created_at, updated_at, field };
  Kind kind;
  std::size_t field = 0;  // index into Collection::fields, for Kind::field
  std::string sql;        // the quoted name
};

// Names without quotes: c_tasks, f_title, u.tasks.slug. One that is longer than the dialect allows
// is cut and ends in a checksum. Throw std::logic_error for a name that the configuration should
// have refused.
std::string table_name(Dialect const& dialect, domain::Collection const& collection);
std::string column_name(Dialect const& dialect, domain::Field const& field);
std::string unique_index_name(
    Dialect const& dialect, domain::Collection const& collection, domain::Field const& field
);
// The same as they stand in SQL.
std::string with_quotes(std::string_view name);
std::string table_of(Dialect const& dialect, domain::Collection const& collection);
std::string column_of(Dialect const& dialect, domain::Field const& field);

// "collection tasks, field title", for what is told the operator.
std::string place_of(domain::Collection const& collection, domain::Field const& field);

// Code::invalid_request for an unknown name.
Result<Column> find_column(
    Dialect const& dialect, domain::Collection const& collection, std::string_view name
);

// The stored form of a value: booleans are 0 and 1, times of created_at and updated_at
// milliseconds, date-times text of one width so that they sort as text. Code::invalid_request if
// the value is not of the type: SQLite would convert "1" to 1, PostgreSQL would fail.
Result<domain::FieldValue> to_stored(domain::Field const& field, domain::FieldValue const& value);
Result<domain::FieldValue> to_stored(
    domain::Collection const& collection, Column const& column, domain::FieldValue const& value
);

// The stored form of a row's own value in this column.
domain::FieldValue stored_in(
    domain::Collection const& collection, Column const& column, domain::Row const& row
);

// Binds a stored form as the next parameter.
template <class Statement>
void bind_stored(Statement& statement, domain::FieldValue const& stored) {
  if (auto const* text = std::get_if<std::string>(&stored))
    statement.bind(std::string_view(*text));
  else if (auto const* whole = std::get_if<std::int64_t>(&stored))
    statement.bind(*whole);
  else if (auto const* real = std::get_if<double>(&stored))
    statement.bind(*real);
  else
    statement.bind(nullptr);
}

// The value that a stored form stands for.
domain::FieldValue from_stored(domain::Field const& field, domain::FieldValue stored);

}  // namespace keystead::store
