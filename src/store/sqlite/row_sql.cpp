#include "store/sqlite/row_sql.hpp"

#include "store/sqlite/column.hpp"
#include "store/sqlite/row_cursor.hpp"

namespace keystead::store {
namespace {

using domain::Collection;
using domain::FieldValue;

constexpr std::size_t kLimitMax = 200;
constexpr std::size_t kConditionsMax = 32;
constexpr std::size_t kContainsBytesMax = 256;

std::unexpected<Failure> refuse(std::string text) {
  return fail(Code::invalid_request, std::move(text));
}

std::string select_from(Collection const& collection) {
  std::string sql = "SELECT id, created_at, updated_at";
  for (auto const& field : collection.fields) sql += ", " + column_of(field);
  return sql + " FROM " + table_of(collection) + " WHERE tenant = ?1";
}

bool is_null(FieldValue const& value) {
  return std::holds_alternative<std::monostate>(value);
}

std::string_view sql_operator(Comparison comparison) {
  switch (comparison) {
    case Comparison::equal: return " = ?";
    // Null differs from every value, as it does in JSON.
    case Comparison::not_equal: return " IS NOT ?";
    case Comparison::less: return " < ?";
    case Comparison::less_or_equal: return " <= ?";
    case Comparison::greater: return " > ?";
    case Comparison::greater_or_equal: return " >= ?";
    case Comparison::contains: break;
  }
  return " LIKE ? ESCAPE '\\'";
}

std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

Result<FieldValue> pattern_for(std::string const& field, FieldValue const& value) {
  auto const* text = std::get_if<std::string>(&value);
  if (text == nullptr) return refuse(field + ": contains works on text only");
  if (text->size() > kContainsBytesMax) return refuse(field + ": the text to look for is too long");
  return like_pattern(*text);
}

Result<void> add_condition(ListSql& sql, Collection const& collection, Condition const& condition) {
  Column column = TRY(find_column(collection, condition.field));
  FieldValue value = TRY(to_stored(collection, column, condition.value));
  bool is_equality =
      condition.comparison == Comparison::equal || condition.comparison == Comparison::not_equal;
  if (is_null(value)) {
    if (!is_equality) return refuse(condition.field + ": null has no order");
    bool wants_null = condition.comparison == Comparison::equal;
    sql.text += " AND " + column.sql + (wants_null ? " IS NULL" : " IS NOT NULL");
    return {};
  }
  if (condition.comparison == Comparison::contains)
    value = TRY(pattern_for(condition.field, value));
  sql.text += " AND " + column.sql + std::string(sql_operator(condition.comparison));
  sql.values.push_back(std::move(value));
  return {};
}

// Whether a cursor's value could have come from this column.
bool suits(Collection const& collection, Column const& column, FieldValue const& stored) {
  if (column.kind == Column::Kind::id) return std::holds_alternative<std::string>(stored);
  if (column.kind != Column::Kind::field) return std::holds_alternative<std::int64_t>(stored);
  if (is_null(stored)) return true;
  auto type = declared_type(collection.fields[column.field].type);
  if (type == "TEXT") return std::holds_alternative<std::string>(stored);
  if (type == "REAL") return std::holds_alternative<double>(stored);
  return std::holds_alternative<std::int64_t>(stored);
}

// Rows after the cursor. Null is the smallest value, as in SQLite's own order: first when
// ascending, last when descending.
void add_cursor(ListSql& sql, Column const& column, bool descending, RowCursor cursor) {
  std::string const order = descending ? " < " : " > ";
  if (column.kind == Column::Kind::id) {
    sql.text += " AND id" + order + "?";
  } else if (is_null(cursor.value)) {
    std::string same = column.sql + " IS NULL AND id" + order + "?";
    sql.text +=
        descending ? " AND " + same : " AND ((" + same + ") OR " + column.sql + " IS NOT NULL)";
  } else {
    std::string after = "(" + column.sql + ", id)" + order + "(?, ?)";
    sql.text += descending ? " AND (" + after + " OR " + column.sql + " IS NULL)" : " AND " + after;
    sql.values.push_back(std::move(cursor.value));
  }
  sql.values.push_back(std::move(cursor.id));
}

std::string order_by(Column const& column, bool descending) {
  std::string const direction = descending ? " DESC" : " ASC";
  std::string sql = " ORDER BY ";
  if (column.kind != Column::Kind::id) sql += column.sql + direction + ", ";
  return sql + "id" + direction;
}

}  // namespace

std::string insert_sql(Collection const& collection) {
  std::string columns = "tenant, id, created_at, updated_at";
  std::string places = "?, ?, ?, ?";
  for (auto const& field : collection.fields) {
    columns += ", " + column_of(field);
    places += ", ?";
  }
  return "INSERT INTO " + table_of(collection) + " (" + columns + ") VALUES (" + places + ")";
}

std::string select_sql(Collection const& collection) {
  return select_from(collection) + " AND id = ?2";
}

std::string update_sql(
    Collection const& collection, std::span<std::pair<std::size_t, FieldValue> const> changes
) {
  std::string sql = "UPDATE " + table_of(collection) + " SET updated_at = ?3";
  std::size_t parameter = 4;
  for (auto const& [field, value] : changes) {
    sql += ", " + column_of(collection.fields.at(field)) + " = ?" + std::to_string(parameter++);
  }
  return sql + " WHERE tenant = ?1 AND id = ?2";
}

std::string delete_sql(Collection const& collection) {
  return "DELETE FROM " + table_of(collection) + " WHERE tenant = ?1 AND id = ?2";
}

Result<ListSql> list_sql(Collection const& collection, RowQuery const& query) {
  if (query.limit < 1 || query.limit > kLimitMax) return refuse("limit: expected 1 to 200");
  if (query.conditions.size() > kConditionsMax) return refuse("too many conditions");
  Column sort = TRY(find_column(collection, query.sort));
  ListSql sql{select_from(collection), {}};
  for (auto const& condition : query.conditions) TRY(add_condition(sql, collection, condition));
  if (!query.cursor.empty()) {
    RowCursor cursor = TRY(read_cursor(query.cursor, query.sort, query.descending));
    if (!suits(collection, sort, cursor.value)) return refuse("cursor: not a cursor");
    add_cursor(sql, sort, query.descending, std::move(cursor));
  }
  sql.text += order_by(sort, query.descending) + " LIMIT ?";
  sql.values.emplace_back(static_cast<std::int64_t>(query.limit + 1));
  return sql;
}

domain::Row read_row(Collection const& collection, Statement const& row) {
  domain::Row read{
      .id = std::string(row.text(0)),
      .created_at = row.time(1),
      .updated_at = row.time(2),
      .values = {},
  };
  read.values.reserve(collection.fields.size());
  int column = 3;
  for (auto const& field : collection.fields) {
    read.values.push_back(read_value(row, column++, field.type));
  }
  return read;
}

}  // namespace keystead::store
