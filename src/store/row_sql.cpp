#include "store/row_sql.hpp"

#include "store/column.hpp"
#include "store/control_store.hpp"
#include "store/row_cursor.hpp"

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

// Of a row as it is answered.
std::string columns_of(Dialect const& dialect, Collection const& collection) {
  std::string sql = "id, created_at, updated_at";
  for (auto const& field : collection.fields) sql += ", " + column_of(dialect, field);
  return sql;
}

// The wall of the row.
std::string of_owner(Dialect const& dialect) {
  std::string sql = " WHERE ";
  std::size_t number = 0;
  for (auto column : dialect.owner) {
    if (number > 0) sql += " AND ";
    sql += std::string(column) + " = " + dialect.parameter(++number);
  }
  return sql;
}

std::string of_owner_and_id(Dialect const& dialect) {
  return of_owner(dialect) + " AND id = " + dialect.parameter(dialect.owner.size() + 1);
}

std::string select_from(Dialect const& dialect, Collection const& collection) {
  return "SELECT " + columns_of(dialect, collection) + " FROM " + table_of(dialect, collection);
}

std::string returning(Dialect const& dialect, Collection const& collection) {
  return " RETURNING " + columns_of(dialect, collection);
}

bool is_null(FieldValue const& value) {
  return std::holds_alternative<std::monostate>(value);
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

// Whether a cursor's value could have come from this column.
bool suits(Collection const& collection, Column const& column, FieldValue const& stored) {
  if (column.kind == Column::Kind::id) return std::holds_alternative<std::string>(stored);
  if (column.kind != Column::Kind::field) return std::holds_alternative<std::int64_t>(stored);
  if (is_null(stored)) return true;
  switch (collection.fields[column.field].type) {
    case domain::FieldType::integer:
    case domain::FieldType::boolean: return std::holds_alternative<std::int64_t>(stored);
    case domain::FieldType::number: return std::holds_alternative<double>(stored);
    case domain::FieldType::text:
    case domain::FieldType::date:
    case domain::FieldType::datetime:
    case domain::FieldType::choice: break;
  }
  return std::holds_alternative<std::string>(stored);
}

// A SELECT under way, and the values of its parameters.
class Selection {
 public:
  Selection(Dialect const& dialect, Collection const& collection)
      : dialect_(dialect),
        collection_(collection),
        sql_{select_from(dialect, collection) + of_owner(dialect), {}} {}

  Result<void> add(Condition const& condition) {
    Column column = TRY(find_column(dialect_, collection_, condition.field));
    FieldValue value = TRY(to_stored(collection_, column, condition.value));
    if (is_null(value)) return add_null(condition, column);
    if (condition.comparison == Comparison::contains) {
      value = TRY(pattern_for(condition.field, value));
    }
    sql_.text += " AND " + column.sql;
    compare(condition.comparison, std::move(value));
    return {};
  }

  // Rows after the cursor. Null is the smallest value: first when ascending, last when descending.
  void add_cursor(Column const& column, bool descending, RowCursor cursor) {
    std::string const order = descending ? " < " : " > ";
    if (column.kind == Column::Kind::id) {
      sql_.text += " AND id" + order + place(std::move(cursor.id));
    } else if (is_null(cursor.value)) {
      std::string same = column.sql + " IS NULL AND id" + order + place(std::move(cursor.id));
      sql_.text +=
          descending ? " AND " + same : " AND ((" + same + ") OR " + column.sql + " IS NOT NULL)";
    } else {
      std::string value = place(std::move(cursor.value));
      std::string after = "(" + column.sql + ", id)" + order + "(" + value + ", " +
                          place(std::move(cursor.id)) + ")";
      sql_.text +=
          descending ? " AND (" + after + " OR " + column.sql + " IS NULL)" : " AND " + after;
    }
  }

  ListSql ordered(Column const& column, bool descending, std::size_t limit) && {
    std::string const direction = descending ? " DESC" : " ASC";
    sql_.text += " ORDER BY ";
    if (column.kind != Column::Kind::id) {
      sql_.text += column.sql + direction + (descending ? " NULLS LAST, " : " NULLS FIRST, ");
    }
    sql_.text += "id" + direction + " LIMIT " + place(static_cast<std::int64_t>(limit + 1));
    return std::move(sql_);
  }

 private:
  Result<void> add_null(Condition const& condition, Column const& column) {
    bool wants_null = condition.comparison == Comparison::equal;
    if (!wants_null && condition.comparison != Comparison::not_equal) {
      return refuse(condition.field + ": null has no order");
    }
    sql_.text += " AND " + column.sql + (wants_null ? " IS NULL" : " IS NOT NULL");
    return {};
  }

  void compare(Comparison comparison, FieldValue value) {
    std::string parameter = place(std::move(value));
    switch (comparison) {
      case Comparison::equal: sql_.text += " = " + parameter; return;
      // Null differs from every value, as it does in JSON.
      case Comparison::not_equal: sql_.text += " IS DISTINCT FROM " + parameter; return;
      case Comparison::less: sql_.text += " < " + parameter; return;
      case Comparison::less_or_equal: sql_.text += " <= " + parameter; return;
      case Comparison::greater: sql_.text += " > " + parameter; return;
      case Comparison::greater_or_equal: sql_.text += " >= " + parameter; return;
      case Comparison::contains: break;
    }
    sql_.text += " " + std::string(dialect_.like) + " " + parameter + " ESCAPE '\\'";
  }

  // Takes the value as the next parameter and says how it stands in the text.
  std::string place(FieldValue value) {
    sql_.values.push_back(std::move(value));
    return dialect_.parameter(dialect_.owner.size() + sql_.values.size());
  }

  Dialect const& dialect_;
  Collection const& collection_;
  ListSql sql_;
};

Time time_from(FieldValue const& stored) {
  return Time(std::chrono::milliseconds(std::get<std::int64_t>(stored)));
}

}  // namespace

std::string insert_sql(Dialect const& dialect, Collection const& collection) {
  std::string columns, places;
  std::size_t number = 0;
  for (auto column : dialect.owner) {
    columns += std::string(column) + ", ";
    places += dialect.parameter(++number) + ", ";
  }
  for (std::size_t i = 0; i < 3 + collection.fields.size(); ++i) {
    if (i > 0) places += ", ";
    places += dialect.parameter(++number);
  }
  return "INSERT INTO " + table_of(dialect, collection) + " (" + columns +
         columns_of(dialect, collection) + ") VALUES (" + places + ")" +
         returning(dialect, collection);
}

std::string select_sql(Dialect const& dialect, Collection const& collection) {
  return select_from(dialect, collection) + of_owner_and_id(dialect);
}

std::string update_sql(
    Dialect const& dialect,
    Collection const& collection,
    std::span<std::pair<std::size_t, FieldValue> const> changes
) {
  std::size_t number = dialect.owner.size() + 2;
  std::string sql =
      "UPDATE " + table_of(dialect, collection) + " SET updated_at = " + dialect.parameter(number);
  for (auto const& [field, value] : changes) {
    sql += ", " + column_of(dialect, collection.fields.at(field)) + " = " +
           dialect.parameter(++number);
  }
  return sql + of_owner_and_id(dialect) + returning(dialect, collection);
}

std::string delete_sql(Dialect const& dialect, Collection const& collection) {
  return "DELETE FROM " + table_of(dialect, collection) + of_owner_and_id(dialect) +
         returning(dialect, collection);
}

Result<ListSql> list_sql(
    Dialect const& dialect, Collection const& collection, RowQuery const& query
) {
  if (query.limit < 1 || query.limit > kLimitMax) return refuse("limit: expected 1 to 200");
  if (query.conditions.size() > kConditionsMax) return refuse("too many conditions");
  Column sort = TRY(find_column(dialect, collection, query.sort));
  Selection selection(dialect, collection);
  for (auto const& condition : query.conditions) TRY(selection.add(condition));
  if (!query.cursor.empty()) {
    RowCursor cursor = TRY(read_cursor(query.cursor, query.sort, query.descending));
    if (!suits(collection, sort, cursor.value)) return refuse("cursor: not a cursor");
    selection.add_cursor(sort, query.descending, std::move(cursor));
  }
  return std::move(selection).ordered(sort, query.descending, query.limit);
}

domain::Row read_row(Collection const& collection, std::vector<FieldValue> stored) {
  if (stored.size() != 3 + collection.fields.size()) throw Broken("a row lacks columns");
  domain::Row row{
      .id = std::get<std::string>(std::move(stored[0])),
      .created_at = time_from(stored[1]),
      .updated_at = time_from(stored[2]),
      .values = {},
  };
  row.values.reserve(collection.fields.size());
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    row.values.push_back(from_stored(collection.fields[i], std::move(stored[3 + i])));
  }
  return row;
}

}  // namespace keystead::store
