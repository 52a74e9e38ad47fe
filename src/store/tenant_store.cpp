#include "store/tenant_store.hpp"

#include "store/column.hpp"
#include "store/control_store.hpp"
#include "store/row_cursor.hpp"
#include "store/row_sql.hpp"
#include "store/sqlite/sqlite_row_store.hpp"

namespace keystead::store {
namespace {

using domain::Collection;
using domain::FieldValue;
using domain::Row;

FieldValue milliseconds(Time time) {
  return std::int64_t{time.time_since_epoch().count()};
}

Result<Row> only_row(Collection const& collection, RowAnswer answer) {
  if (answer.rows.empty()) return fail(Code::not_found, "no such row");
  return read_row(collection, std::move(answer.rows.front()));
}

// An id that is none names no row, and is not worth a question.
Result<void> check_id(std::string_view id) {
  if (!parse_uuid(id)) return fail(Code::not_found, "no such row");
  return {};
}

}  // namespace

struct TenantStore::Inside {
  // Runs a change. conflict names the unique field that is taken.
  Result<RowAnswer> change(
      Collection const& collection, std::string const& sql, std::vector<FieldValue> const& values
  ) {
    auto answer = TRY(rows->run(sql, values));
    if (!answer.violation) return answer;
    for (auto const& field : collection.fields) {
      if (field.unique && rows->is_about(answer.violation, collection, field)) {
        return fail(Code::conflict, field.name + ": the value is taken");
      }
    }
    throw Broken(answer.violation.text);
  }

  std::unique_ptr<RowStore> rows;
  Clock const& clock;
  Random& random;
  OrderedUuids& row_ids;
};

TenantStore::TenantStore(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
TenantStore::TenantStore(TenantStore&&) noexcept = default;
TenantStore& TenantStore::operator=(TenantStore&&) noexcept = default;
TenantStore::~TenantStore() = default;

Result<Row> TenantStore::insert(Collection const& collection, std::vector<FieldValue> values) {
  values.resize(collection.fields.size());
  Time now = inside_->clock.now();
  std::string id = format_uuid(inside_->row_ids.next(inside_->random, now));
  std::vector<FieldValue> stored{std::move(id), milliseconds(now), milliseconds(now)};
  for (std::size_t i = 0; i < values.size(); ++i) {
    stored.push_back(TRY(to_stored(collection.fields[i], values[i])));
  }
  auto sql = insert_sql(inside_->rows->dialect(), collection);
  return only_row(collection, TRY(inside_->change(collection, sql, stored)));
}

Result<Row> TenantStore::get(Collection const& collection, std::string_view id) {
  TRY(check_id(id));
  std::vector<FieldValue> values{std::string(id)};
  auto sql = select_sql(inside_->rows->dialect(), collection);
  return only_row(collection, TRY(inside_->rows->run(sql, values)));
}

Result<Row> TenantStore::update(
    Collection const& collection,
    std::string_view id,
    std::span<std::pair<std::size_t, FieldValue> const> changes
) {
  TRY(check_id(id));
  std::vector<FieldValue> stored{std::string(id), milliseconds(inside_->clock.now())};
  for (auto const& [field, value] : changes) {
    stored.push_back(TRY(to_stored(collection.fields.at(field), value)));
  }
  auto sql = update_sql(inside_->rows->dialect(), collection, changes);
  return only_row(collection, TRY(inside_->change(collection, sql, stored)));
}

Result<void> TenantStore::remove(Collection const& collection, std::string_view id) {
  TRY(check_id(id));
  std::vector<FieldValue> values{std::string(id)};
  auto sql = delete_sql(inside_->rows->dialect(), collection);
  auto answer = TRY(inside_->rows->run(sql, values));
  if (answer.rows.empty()) return fail(Code::not_found, "no such row");
  return {};
}

Result<RowPage> TenantStore::list(Collection const& collection, RowQuery const& query) {
  auto const& dialect = inside_->rows->dialect();
  auto sql = TRY(list_sql(dialect, collection, query));
  auto answer = TRY(inside_->rows->run(sql.text, sql.values));
  RowPage page;
  page.rows.reserve(answer.rows.size());
  for (auto& stored : answer.rows) page.rows.push_back(read_row(collection, std::move(stored)));
  if (page.rows.size() <= query.limit) return page;
  page.rows.pop_back();
  Column sort = TRY(find_column(dialect, collection, query.sort));
  RowCursor cursor{stored_in(collection, sort, page.rows.back()), page.rows.back().id};
  page.next_cursor = write_cursor(query.sort, query.descending, cursor);
  return page;
}

TenantStores::TenantStores(
    Options options, std::span<Collection const> collections, Clock const& clock, Random& random
)
    : TenantStores(open_sqlite_rows(std::move(options), collections), clock, random) {}

TenantStores::TenantStores(std::unique_ptr<RowStores> rows, Clock const& clock, Random& random)
    : rows_(std::move(rows)), clock_(clock), random_(random) {}

TenantStores::~TenantStores() = default;

TenantStore TenantStores::open(domain::Permit const& permit) {
  return TenantStore(
      std::make_unique<TenantStore::Inside>(
          rows_->open(permit.tenant(), permit.principal().environment()), clock_, random_, row_ids_
      )
  );
}

void TenantStores::remove(domain::TenantId const& tenant) {
  rows_->remove(tenant);
}

}  // namespace keystead::store
