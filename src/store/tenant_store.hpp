// One tenant's rows. A TenantStore is already inside its tenant: no function takes a tenant id, and
// the only way to get one is TenantStores::open, which takes a Permit.
//
// Two walls stand between tenants, each of which holds alone. The row: every table's primary key
// begins with the tenant, and every statement binds the tenant of the Permit. And around it, with
// SQLite, the file: every tenant has its own database file, whose owner record must name the tenant
// that opens it; with PostgreSQL, row-level security, which shows a transaction one tenant's rows.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/collection.hpp"
#include "domain/permit.hpp"
#include "store/row_store.hpp"

namespace keystead::store {

enum class Comparison {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  contains
};

struct Condition {
  std::string field;  // a field of the collection, or id, created_at, updated_at
  Comparison comparison = Comparison::equal;
  domain::FieldValue value;  // null with equal and not_equal means "is (not) null"
};

struct RowQuery {
  std::vector<Condition> conditions = {};  // all must hold
  std::string sort = "id";                 // a field, or id, created_at, updated_at
  bool descending = false;
  std::size_t limit = 50;   // 1 to 200
  std::string cursor = {};  // from the page before; empty for the first page
};

struct RowPage {
  std::vector<domain::Row> rows;
  std::string next_cursor;  // empty on the last page
};

class TenantStore {
 public:
  TenantStore(TenantStore&&) noexcept;
  TenantStore& operator=(TenantStore&&) noexcept;
  ~TenantStore();

  // `values` in the order of the collection's fields, already validated against it. conflict names
  // a unique field that is taken.
  Result<domain::Row> insert(
      domain::Collection const& collection, std::vector<domain::FieldValue> values
  );
  // not_found for an id that does not exist in this tenant.
  Result<domain::Row> get(domain::Collection const& collection, std::string_view id);
  // Changes the named fields (index into Collection::fields) and updated_at. not_found, conflict as
  // above.
  Result<domain::Row> update(
      domain::Collection const& collection,
      std::string_view id,
      std::span<std::pair<std::size_t, domain::FieldValue> const> changes
  );
  Result<void> remove(domain::Collection const& collection, std::string_view id);
  // invalid_request for a cursor that is broken or belongs to another sort order, and for an
  // unknown field.
  Result<RowPage> list(domain::Collection const& collection, RowQuery const& query);

 private:
  friend class TenantStores;
  struct Inside;
  explicit TenantStore(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// All tenants' rows. Safe from any thread; a TenantStore is for one thread at a time and must not
// outlive the TenantStores.
class TenantStores {
 public:
  // With SQLite: a folder of files, of which a bounded number is kept open.
  struct Options {
    std::filesystem::path folder;
    std::size_t open_files_max = 128;
    // A statement that takes longer ends with store::Broken.
    std::chrono::milliseconds query_time_max = std::chrono::seconds(5);
  };
  // `collections` outlives the stores; tables and columns that a file lacks are added when the file
  // is opened.
  TenantStores(
      Options options,
      std::span<domain::Collection const> collections,
      Clock const& clock,
      Random& random
  );
  // With any database, see postgres/postgres_row_store.hpp.
  TenantStores(std::unique_ptr<RowStores> rows, Clock const& clock, Random& random);
  ~TenantStores();

  // Throws store::Broken if the tenant's rows cannot be reached, or its file is damaged or belongs
  // to another tenant.
  TenantStore open(domain::Permit const& permit);

  // Removes the rows of a tenant that was deleted. A TenantStore that is open meanwhile finishes
  // first.
  void remove(domain::TenantId const& tenant);

 private:
  std::unique_ptr<RowStores> rows_;
  Clock const& clock_;
  Random& random_;
  OrderedUuids row_ids_;
};

}  // namespace keystead::store
