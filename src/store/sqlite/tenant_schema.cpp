#include "store/sqlite/tenant_schema.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "store/column.hpp"
#include "store/sqlite/sqlite_row_store.hpp"

namespace keystead::store {
namespace {

using domain::Collection;
using domain::Field;

// What there is: for each table its columns and their types, and the names of all our indexes.
struct Present {
  std::map<std::string, std::map<std::string, std::string>> tables;
  std::set<std::string> indexes;
};

Present look(Database& database) {
  Present present;
  Statement columns = database.prepare(
      "SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c "
      "WHERE t.type = 'table' AND substr(t.name, 1, 2) = 'c_'"
  );
  while (columns.next()) {
    present.tables[with_quotes(columns.text(0))][with_quotes(columns.text(1))] = columns.text(2);
  }
  Statement indexes = database.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND substr(name, 1, 2) = 'u.'"
  );
  while (indexes.next()) present.indexes.insert(with_quotes(indexes.text(0)));
  return present;
}

std::string table_of(Collection const& collection) {
  return store::table_of(kSqliteDialect, collection);
}

std::string column_of(Field const& field) {
  return store::column_of(kSqliteDialect, field);
}

// SQLite takes INT and INTEGER for the same; two words let an integer that became a boolean be
// noticed.
std::string_view declared_type(domain::FieldType type) {
  switch (type) {
    case domain::FieldType::integer: return "INTEGER";
    case domain::FieldType::boolean: return "INT";
    case domain::FieldType::number: return "REAL";
    case domain::FieldType::text:
    case domain::FieldType::date:
    case domain::FieldType::datetime:
    case domain::FieldType::choice: break;
  }
  return "TEXT";
}

std::string create_table(Collection const& collection) {
  std::string sql = "CREATE TABLE " + table_of(collection) +
                    " (tenant BLOB NOT NULL, id TEXT NOT NULL, created_at INTEGER NOT NULL,"
                    " updated_at INTEGER NOT NULL";
  for (auto const& field : collection.fields) {
    sql += ", " + column_of(field) + " " + std::string(declared_type(field.type));
  }
  return sql + ", PRIMARY KEY (tenant, id)) STRICT";
}

class Fitting {
 public:
  Fitting(Database& database, domain::TenantId const& tenant)
      : database_(database), tenant_(tenant), present_(look(database)) {}

  // Nothing is written where nothing lacks: opening a file costs no sync of the disk.
  void fit(Collection const& collection) {
    auto table = present_.tables.find(table_of(collection));
    bool is_new = table == present_.tables.end();
    if (is_new) run(create_table(collection));
    for (auto const& field : collection.fields) {
      if (!is_new) fit_column(collection, field, table->second);
      fit_index(collection, field);
    }
  }

  void commit() {
    if (transaction_) transaction_->commit();
  }

 private:
  void fit_column(
      Collection const& collection, Field const& field, std::map<std::string, std::string>& columns
  ) {
    auto column = columns.find(column_of(field));
    if (column == columns.end()) return add_column(collection, field);
    if (column->second == declared_type(field.type)) return;
    throw Broken(
        database_.name() + ": " + place_of(collection, field) + " is stored as " + column->second +
        ", but the configuration's type is stored as " + std::string(declared_type(field.type))
    );
  }

  void add_column(Collection const& collection, Field const& field) {
    run("ALTER TABLE " + table_of(collection) + " ADD COLUMN " + column_of(field) + " " +
        std::string(declared_type(field.type)));
    if (!field.required || !field.default_value) return;
    // Rows from before have no value for a field that must have one.
    auto value = to_stored(field, *field.default_value);
    if (!value)
      throw Broken(place_of(collection, field) + ": the default is not of the field's type");
    Statement update = database_.prepare(
        "UPDATE " + table_of(collection) + " SET " + column_of(field) + " = ?2 WHERE tenant = ?1"
    );
    bind_stored(update.bind(tenant_), *value);
    update.run();
  }

  void fit_index(Collection const& collection, Field const& field) {
    std::string name = with_quotes(unique_index_name(kSqliteDialect, collection, field));
    bool is_there = present_.indexes.contains(name);
    if (is_there && !field.unique) run("DROP INDEX " + name);
    if (is_there || !field.unique) return;
    begin();
    Statement create = database_.prepare(
        "CREATE UNIQUE INDEX " + name + " ON " + table_of(collection) + " (tenant, " +
        column_of(field) + ")"
    );
    if (!create.try_run()) return;
    throw Broken(
        database_.name() + ": " + place_of(collection, field) +
        " is to be unique, but the file holds a value twice"
    );
  }

  void begin() {
    if (!transaction_) transaction_.emplace(database_);
  }

  void run(std::string const& sql) {
    begin();
    database_.execute(sql);
  }

  Database& database_;
  domain::TenantId tenant_;
  Present present_;
  std::optional<Transaction> transaction_;
};

}  // namespace

void fit_schema(
    Database& database,
    domain::TenantId const& tenant,
    std::span<domain::Collection const> collections
) {
  Fitting fitting(database, tenant);
  for (auto const& collection : collections) fitting.fit(collection);
  fitting.commit();
}

}  // namespace keystead::store
