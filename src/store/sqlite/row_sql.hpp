// The SQL of a collection's rows. Every statement's first parameter is the tenant; the others
// follow in order.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "domain/collection.hpp"
#include "store/sqlite/statement.hpp"
#include "store/tenant_store.hpp"

namespace keystead::store {

// tenant, id, created_at, updated_at, then the fields in order.
std::string insert_sql(domain::Collection const& collection);
// tenant, id.
std::string select_sql(domain::Collection const& collection);
// tenant, id, updated_at, then the changed fields in order.
std::string update_sql(
    domain::Collection const& collection,
    std::span<std::pair<std::size_t, domain::FieldValue> const> changes
);
// tenant, id.
std::string delete_sql(domain::Collection const& collection);

struct ListSql {
  std::string text;
  std::vector<domain::FieldValue> values;  // after the tenant
};
// Selects one row more than the limit, which tells whether a page follows. Code::invalid_request as
// TenantStore::list says.
Result<ListSql> list_sql(domain::Collection const& collection, RowQuery const& query);

// The row of select_sql or list_sql.
domain::Row read_row(domain::Collection const& collection, Statement const& row);

}  // namespace keystead::store
