#include "store/tenant_store.hpp"

#include "store/private_file.hpp"
#include "store/sqlite/column.hpp"
#include "store/sqlite/open_files.hpp"
#include "store/sqlite/row_cursor.hpp"
#include "store/sqlite/row_sql.hpp"

namespace keystead::store {
namespace {

using domain::Collection;
using domain::FieldValue;
using domain::Row;

Result<std::vector<FieldValue>> all_stored(
    Collection const& collection, std::span<FieldValue const> values
) {
  std::vector<FieldValue> stored;
  stored.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    stored.push_back(TRY(to_stored(collection.fields.at(i), values[i])));
  }
  return stored;
}

// SQLite's text names the columns of the index: c_tasks.tenant, c_tasks.f_slug.
std::unexpected<Failure> taken(Collection const& collection, Violation const& violation) {
  for (auto const& field : collection.fields) {
    if (field.unique && violation.text.ends_with(".f_" + field.name)) {
      return fail(Code::conflict, field.name + ": the value is taken");
    }
  }
  throw Broken(violation.text);
}

Result<Row> select_row(
    Database& database,
    domain::TenantId const& tenant,
    Collection const& collection,
    std::string_view id
) {
  Statement statement = database.prepare(select_sql(collection));
  if (!statement.bind(tenant, id).next()) return fail(Code::not_found, "no such row");
  return read_row(collection, statement);
}

}  // namespace

struct TenantStore::Inside {
  std::shared_ptr<TenantFile> file;
  domain::TenantId tenant;
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
  auto stored = TRY(all_stored(collection, values));
  Time now = inside_->clock.now();
  std::string id = format_uuid(inside_->row_ids.next(inside_->random, now));
  auto use = TRY(inside_->file->use());
  Transaction transaction(use.database());
  {
    Statement statement = use.database().prepare(insert_sql(collection));
    statement.bind(inside_->tenant, id, now, now);
    for (auto const& value : stored) bind_stored(statement, value);
    if (auto violation = statement.try_run()) return taken(collection, violation);
  }
  auto row = TRY(select_row(use.database(), inside_->tenant, collection, id));
  transaction.commit();
  return row;
}

Result<Row> TenantStore::get(Collection const& collection, std::string_view id) {
  auto use = TRY(inside_->file->use());
  return select_row(use.database(), inside_->tenant, collection, id);
}

Result<Row> TenantStore::update(
    Collection const& collection,
    std::string_view id,
    std::span<std::pair<std::size_t, FieldValue> const> changes
) {
  std::vector<FieldValue> stored;
  for (auto const& [field, value] : changes) {
    stored.push_back(TRY(to_stored(collection.fields.at(field), value)));
  }
  auto use = TRY(inside_->file->use());
  Transaction transaction(use.database());
  {
    Statement statement = use.database().prepare(update_sql(collection, changes));
    statement.bind(inside_->tenant, id, inside_->clock.now());
    for (auto const& value : stored) bind_stored(statement, value);
    if (auto violation = statement.try_run()) return taken(collection, violation);
  }
  auto row = TRY(select_row(use.database(), inside_->tenant, collection, id));
  transaction.commit();
  return row;
}

Result<void> TenantStore::remove(Collection const& collection, std::string_view id) {
  auto use = TRY(inside_->file->use());
  use.database().prepare(delete_sql(collection)).bind(inside_->tenant, id).run();
  if (use.database().changes() == 0) return fail(Code::not_found, "no such row");
  return {};
}

Result<RowPage> TenantStore::list(Collection const& collection, RowQuery const& query) {
  auto sql = TRY(list_sql(collection, query));
  RowPage page;
  {
    auto use = TRY(inside_->file->use());
    Statement statement = use.database().prepare(sql.text);
    statement.bind(inside_->tenant);
    for (auto const& value : sql.values) bind_stored(statement, value);
    while (statement.next()) page.rows.push_back(read_row(collection, statement));
  }
  if (page.rows.size() <= query.limit) return page;
  page.rows.pop_back();
  Column sort = TRY(find_column(collection, query.sort));
  RowCursor cursor{stored_in(collection, sort, page.rows.back()), page.rows.back().id};
  page.next_cursor = write_cursor(query.sort, query.descending, cursor);
  return page;
}

struct TenantStores::Files {
  Files(
      Options options, std::span<Collection const> collections, Clock const& the_clock, Random& rng
  )
      : open(std::move(options), collections), clock(the_clock), random(rng) {}

  OpenFiles open;
  Clock const& clock;
  Random& random;
  OrderedUuids row_ids;
};

TenantStores::TenantStores(
    Options options, std::span<Collection const> collections, Clock const& clock, Random& random
) {
  if (auto made = make_private_folder(options.folder); !made)
    throw Broken(made.error().public_text);
  files_ = std::make_unique<Files>(std::move(options), collections, clock, random);
}

TenantStores::~TenantStores() = default;

TenantStore TenantStores::open(domain::Permit const& permit) {
  auto file = files_->open.get(permit.tenant());
  // Opens the file now, so that a damaged or foreign one is found here. A removed one is told by
  // each operation.
  (void)file->use();
  return TenantStore(
      std::make_unique<TenantStore::Inside>(
          std::move(file), permit.tenant(), files_->clock, files_->random, files_->row_ids
      )
  );
}

void TenantStores::remove(domain::TenantId const& tenant) {
  files_->open.remove(tenant);
}

}  // namespace keystead::store
