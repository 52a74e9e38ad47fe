#include "store/postgres/postgres_row_store.hpp"

#include <array>
#include <mutex>
#include <shared_mutex>
#include <unordered_set>

#include "store/column.hpp"
#include "store/postgres/pool.hpp"
#include "store/postgres/row_schema.hpp"
#include "store/postgres/server_check.hpp"

namespace keystead::store {
namespace {

using domain::FieldValue;
using postgres::Connection;
using postgres::Pool;
using postgres::Statement;
using postgres::Transaction;

// Large tables take their time to be altered, and to be rid of a tenant.
constexpr std::chrono::minutes kTableTimeMax{30};

// Who has been removed. A statement of a tenant holds its lock while it runs, and a removal waits
// for it; locks are shared by tenants, of which many are known and few are removed.
class Removals {
 public:
  // Nothing for a tenant that was removed.
  std::optional<std::shared_lock<std::shared_mutex>> enter(domain::TenantId const& tenant) {
    auto& part = part_of(tenant);
    std::shared_lock lock(part.mutex);
    if (part.removed.contains(tenant)) return std::nullopt;
    return lock;
  }

  // From now on nobody enters, and nobody is inside.
  void add(domain::TenantId const& tenant) {
    auto& part = part_of(tenant);
    std::scoped_lock lock(part.mutex);
    part.removed.insert(tenant);
  }

 private:
  struct Part {
    std::shared_mutex mutex;
    std::unordered_set<domain::TenantId> removed;
  };
  Part& part_of(domain::TenantId const& tenant) {
    return parts_[std::hash<domain::TenantId>()(tenant) % parts_.size()];
  }

  std::array<Part, 64> parts_;
};

// The wall of the database: until the transaction ends, its policies let pass this and no other.
void enter(Connection& connection, domain::TenantId const& tenant, std::string const& environment) {
  connection
      .prepare(
          "SELECT set_config('keystead.tenant', $1, true),"
          " set_config('keystead.environment', $2, true)"
      )
      .bind(tenant.text(), environment)
      .run();
}

FieldValue stored_value(Statement const& row, int column) {
  switch (row.type(column)) {
    case Statement::Type::integer: return row.integer(column);
    case Statement::Type::number: return row.number(column);
    case Statement::Type::text: return std::string(row.text(column));
    case Statement::Type::null: return std::monostate{};
    case Statement::Type::boolean:
    case Statement::Type::uuid:
    case Statement::Type::blob: break;
  }
  throw Broken("a row holds what there can be none of");
}

std::vector<FieldValue> stored_row(Statement const& row) {
  std::vector<FieldValue> values;
  int count = row.columns();
  values.reserve(static_cast<std::size_t>(count));
  for (int column = 0; column < count; ++column) values.push_back(stored_value(row, column));
  return values;
}

class PostgresRowStore final : public RowStore {
 public:
  PostgresRowStore(
      Pool& pool, Removals& removals, domain::TenantId const& tenant, std::string environment
  )
      : pool_(pool), removals_(removals), tenant_(tenant), environment_(std::move(environment)) {}

  Dialect const& dialect() const override { return postgres::kDialect; }

  Result<RowAnswer> run(std::string const& sql, std::span<FieldValue const> values) override {
    auto inside = removals_.enter(tenant_);
    if (!inside) return fail(Code::not_found, "the tenant does not exist any more");
    auto connection = pool_.take();
    try {
      return run_on(*connection, sql, values);
    } catch (postgres::TooLarge const&) {
      return fail(Code::invalid_request, "the value of a unique field is too long");
    }
  }

  bool is_about(
      Violation const& violation, domain::Collection const& collection, domain::Field const& field
  ) const override {
    return violation.text == unique_index_name(postgres::kDialect, collection, field);
  }

 private:
  RowAnswer run_on(
      Connection& connection, std::string const& sql, std::span<FieldValue const> values
  ) const {
    Transaction transaction(connection);
    enter(connection, tenant_, environment_);
    Statement statement = connection.prepare(sql);
    statement.bind(tenant_, environment_);
    for (auto const& value : values) bind_stored(statement, value);
    RowAnswer answer;
    answer.violation = statement.try_run();
    if (answer.violation) return answer;
    while (statement.next()) answer.rows.push_back(stored_row(statement));
    transaction.commit();
    return answer;
  }

  Pool& pool_;
  Removals& removals_;
  domain::TenantId tenant_;
  std::string environment_;
};

class PostgresRowStores final : public RowStores {
 public:
  PostgresRowStores(
      postgres::Url const& url,
      PostgresRowOptions const& options,
      std::span<domain::Collection const> collections
  )
      : url_(url),
        pool_(
            url,
            {.connections_max = options.connections_max,
             .connection = {.statement_time_max = options.query_time_max}}
        ) {
    Connection connection(url, {.statement_time_max = kTableTimeMax});
    postgres::refuse_unsafe(connection);
    postgres::make_schema(connection);
    postgres::fit_schema(connection, collections);
  }

 private:
  std::unique_ptr<RowStore> open(
      domain::TenantId const& tenant, std::uint8_t environment
  ) override {
    return std::make_unique<PostgresRowStore>(
        pool_, removals_, tenant, std::to_string(environment)
    );
  }

  void remove(domain::TenantId const& tenant) override {
    removals_.add(tenant);
    Connection connection(url_, {.statement_time_max = kTableTimeMax});
    postgres::refuse_unsafe(connection);
    Transaction transaction(connection);
    // Also of collections that the configuration does not name any more.
    enter(connection, tenant, std::string(postgres::kEveryEnvironment));
    for (auto const& table : postgres::row_tables(connection)) {
      connection.prepare("DELETE FROM " + table + " WHERE tenant = $1").bind(tenant).run();
    }
    transaction.commit();
  }

  postgres::Url url_;
  Pool pool_;
  Removals removals_;
};

}  // namespace

std::unique_ptr<RowStores> open_postgres_rows(
    postgres::Url const& url,
    PostgresRowOptions const& options,
    std::span<domain::Collection const> collections
) {
  return std::make_unique<PostgresRowStores>(url, options, collections);
}

}  // namespace keystead::store
