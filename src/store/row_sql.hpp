// The SQL of a collection's rows, in both dialects. The parameters that say whose the row is come
// first in every statement (see Dialect::owner); the others follow in order. Every statement
// answers with rows, those that it changed or removed among them, in the form that read_row takes.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "domain/collection.hpp"
#include "store/dialect.hpp"
#include "store/tenant_store.hpp"

namespace keystead::store {

// id, created_at, updated_at, then the fields in order.
std::string insert_sql(Dialect const& dialect, domain::Collection const& collection);
// id.
std::string select_sql(Dialect const& dialect, domain::Collection const& collection);
// id, updated_at, then the changed fields in order.
std::string update_sql(
    Dialect const& dialect,
    domain::Collection const& collection,
    std::span<std::pair<std::size_t, domain::FieldValue> const> changes
);
// id.
std::string delete_sql(Dialect const& dialect, domain::Collection const& collection);

struct ListSql {
  std::string text;
  std::vector<domain::FieldValue> values;
};
// Selects one row more than the limit, which tells whether a page follows. Code::invalid_request as
// TenantStore::list says.
Result<ListSql> list_sql(
    Dialect const& dialect, domain::Collection const& collection, RowQuery const& query
);

// From the stored forms of id, created_at, updated_at and the fields in order.
domain::Row read_row(domain::Collection const& collection, std::vector<domain::FieldValue> stored);

}  // namespace keystead::store
