#include "store/sqlite/sqlite_row_store.hpp"

#include <limits>

#include "store/column.hpp"
#include "store/private_file.hpp"
#include "store/sqlite/open_files.hpp"

namespace keystead::store {
namespace {

using domain::FieldValue;

constexpr std::string_view kOwner[] = {"tenant"};

FieldValue stored_value(Statement const& row, int column) {
  switch (row.type(column)) {
    case Statement::Type::integer: return row.integer(column);
    case Statement::Type::number: return row.number(column);
    case Statement::Type::text: return std::string(row.text(column));
    case Statement::Type::blob: throw Broken("a row holds bytes where there can be none");
    case Statement::Type::null: break;
  }
  return std::monostate{};
}

std::vector<FieldValue> stored_row(Statement const& row) {
  std::vector<FieldValue> values;
  int count = row.columns();
  values.reserve(static_cast<std::size_t>(count));
  for (int column = 0; column < count; ++column) values.push_back(stored_value(row, column));
  return values;
}

class SqliteRowStore final : public RowStore {
 public:
  SqliteRowStore(std::shared_ptr<TenantFile> file, domain::TenantId const& tenant)
      : file_(std::move(file)), tenant_(tenant) {}

  Dialect const& dialect() const override { return kSqliteDialect; }

  Result<RowAnswer> run(std::string const& sql, std::span<FieldValue const> values) override {
    auto use = TRY(file_->use());
    Statement statement = use.database().prepare(sql);
    statement.bind(tenant_);
    for (auto const& value : values) bind_stored(statement, value);
    RowAnswer answer;
    // A change is committed by the last step, behind the last row that it answers with.
    for (;;) {
      auto more = statement.try_next();
      if (!more) answer.violation = std::move(more.error());
      if (!more || !*more) return answer;
      answer.rows.push_back(stored_row(statement));
    }
  }

  // SQLite's text names the columns of the index: c_tasks.tenant, c_tasks.f_slug.
  bool is_about(
      Violation const& violation,
      domain::Collection const& /*collection*/,
      domain::Field const& field
  ) const override {
    return violation.text.ends_with(".f_" + field.name);
  }

 private:
  std::shared_ptr<TenantFile> file_;
  domain::TenantId tenant_;
};

class SqliteRowStores final : public RowStores {
 public:
  SqliteRowStores(TenantStores::Options options, std::span<domain::Collection const> collections)
      : files_(std::move(options), collections) {}

 private:
  std::unique_ptr<RowStore> open(
      domain::TenantId const& tenant, std::uint8_t environment
  ) override {
    auto file = files_.get({tenant, environment});
    // Opens the file now, so that a damaged or foreign one is found here. A removed one is told by
    // each operation.
    (void)file->use();
    return std::make_unique<SqliteRowStore>(std::move(file), tenant);
  }

  void remove(domain::TenantId const& tenant) override { files_.remove(tenant); }

  OpenFiles files_;
};

}  // namespace

Dialect const kSqliteDialect{
    .mark = '?',
    .owner = kOwner,
    .like = "LIKE",
    .name_max = std::numeric_limits<std::size_t>::max(),
};

std::unique_ptr<RowStores> open_sqlite_rows(
    TenantStores::Options options, std::span<domain::Collection const> collections
) {
  if (auto made = make_private_folder(options.folder); !made)
    throw Broken(made.error().public_text);
  return std::make_unique<SqliteRowStores>(std::move(options), collections);
}

}  // namespace keystead::store
