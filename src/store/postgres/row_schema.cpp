#include "store/postgres/row_schema.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

#include "store/column.hpp"
#include "store/postgres/server_check.hpp"

namespace keystead::store::postgres {
namespace {

using domain::Collection;
using domain::Field;

constexpr std::string_view kOwner[] = {"tenant", "environment"};

// As the server writes it. Text compares by its bytes, whatever the database's locale is.
std::string_view declared_type(domain::FieldType type) {
  switch (type) {
    case domain::FieldType::integer: return "bigint";
    case domain::FieldType::boolean: return "smallint";
    case domain::FieldType::number: return "double precision";
    case domain::FieldType::text:
    case domain::FieldType::date:
    case domain::FieldType::datetime:
    case domain::FieldType::choice: break;
  }
  return "text COLLATE \"C\"";
}

// What there is: for each table its columns and their types, and the names of all our indexes.
struct Present {
  std::map<std::string, std::map<std::string, std::string>> tables;
  std::set<std::string> indexes;
};

Present look(Connection& connection) {
  Present present;
  Statement columns = connection.prepare(
      "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)"
      "  || coalesce(' COLLATE ' || quote_ident(l.collname), '')"
      " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
      " LEFT JOIN pg_collation l ON l.oid = a.attcollation"
      " WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)"
      "  AND c.relkind IN ('r', 'p') AND left(c.relname, 2) = 'c_'"
      "  AND a.attnum > 0 AND NOT a.attisdropped"
  );
  columns.bind(kSchema);
  while (columns.next()) {
    present.tables[std::string(columns.text(0))][std::string(columns.text(1))] = columns.text(2);
  }
  Statement indexes = connection.prepare(
      "SELECT relname FROM pg_class WHERE relkind = 'i' AND left(relname, 2) = 'u.'"
      " AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)"
  );
  indexes.bind(kSchema);
  while (indexes.next()) present.indexes.insert(std::string(indexes.text(0)));
  return present;
}

std::string create_table(Collection const& collection) {
  std::string sql = "CREATE TABLE " + table_of(kDialect, collection) +
                    " (tenant uuid NOT NULL, environment text COLLATE \"C\" NOT NULL,"
                    " id text COLLATE \"C\" NOT NULL, created_at bigint NOT NULL,"
                    " updated_at bigint NOT NULL";
  for (auto const& field : collection.fields) {
    sql += ", " + column_of(kDialect, field) + " " + std::string(declared_type(field.type));
  }
  return sql + ", PRIMARY KEY (tenant, environment, id)); " +
         wall_sql(table_of(kDialect, collection));
}

class Fitting {
 public:
  explicit Fitting(Connection& connection) : connection_(connection), present_(look(connection)) {}

  void fit(Collection const& collection) {
    std::string name = table_name(kDialect, collection);
    if (!fitted_.insert(name).second) {
      throw Broken("two collections have names that are too long to tell apart: " + name);
    }
    auto table = present_.tables.find(name);
    bool is_new = table == present_.tables.end();
    if (is_new) connection_.execute(create_table(collection));
    for (auto const& field : collection.fields) {
      if (!is_new) fit_column(collection, field, table->second);
      fit_index(collection, field);
    }
  }

 private:
  void fit_column(
      Collection const& collection, Field const& field, std::map<std::string, std::string>& columns
  ) {
    auto column = columns.find(column_name(kDialect, field));
    if (column == columns.end()) return add_column(collection, field);
    if (column->second == declared_type(field.type)) return;
    throw Broken(
        connection_.name() + ": " + place_of(collection, field) + " is stored as " +
        column->second + ", but the configuration's type is stored as " +
        std::string(declared_type(field.type))
    );
  }

  void add_column(Collection const& collection, Field const& field) {
    std::string alter = "ALTER TABLE " + table_of(kDialect, collection) + " ";
    std::string column = column_of(kDialect, field);
    connection_.execute(
        alter + "ADD COLUMN " + column + " " + std::string(declared_type(field.type))
    );
    if (!field.required || !field.default_value) return;
    // Rows from before have no value for a field that must have one. The table is locked by the
    // step before, so nobody sees it while its wall does not hold for us.
    auto value = to_stored(field, *field.default_value);
    if (!value)
      throw Broken(place_of(collection, field) + ": the default is not of the field's type");
    connection_.execute(alter + "NO FORCE ROW LEVEL SECURITY");
    Statement update = connection_.prepare(
        "UPDATE " + table_of(kDialect, collection) + " SET " + column + " = $1"
    );
    bind_stored(update, *value);
    update.run();
    connection_.execute(alter + "FORCE ROW LEVEL SECURITY");
  }

  void fit_index(Collection const& collection, Field const& field) {
    std::string name = unique_index_name(kDialect, collection, field);
    bool is_there = present_.indexes.contains(name);
    if (is_there && !field.unique) connection_.execute("DROP INDEX " + with_quotes(name));
    if (is_there || !field.unique) return;
    Statement create = connection_.prepare(
        "CREATE UNIQUE INDEX " + with_quotes(name) + " ON " + table_of(kDialect, collection) +
        " (tenant, environment, " + column_of(kDialect, field) + ")"
    );
    if (!create.try_run()) return;
    throw Broken(
        connection_.name() + ": " + place_of(collection, field) +
        " is to be unique, but a tenant has a value twice"
    );
  }

  Connection& connection_;
  Present present_;
  std::set<std::string> fitted_;
};

}  // namespace

Dialect const kDialect{.mark = '$', .owner = kOwner, .like = "ILIKE", .name_max = 63};

void make_schema(Connection& connection) {
  // CREATE SCHEMA IF NOT EXISTS asks for the right to make schemas also where there is nothing to
  // make.
  Statement schema = connection.prepare("SELECT 1 FROM pg_namespace WHERE nspname = $1");
  if (schema.bind(kSchema).next()) return;
  connection.execute("CREATE SCHEMA " + std::string(kSchema));
}

void fit_schema(Connection& connection, std::span<Collection const> collections) {
  Transaction transaction(connection);
  for (auto const& finding : check_walls(connection)) {
    if (finding.grade == Finding::Grade::bad) {
      throw Broken(connection.name() + ": " + finding.text);
    }
  }
  Fitting fitting(connection);
  for (auto const& collection : collections) fitting.fit(collection);
  transaction.commit();
}

std::vector<std::string> row_tables(Connection& connection) {
  std::vector<std::string> names;
  for (auto const& [name, columns] : look(connection).tables) names.push_back(with_quotes(name));
  return names;
}

}  // namespace keystead::store::postgres
