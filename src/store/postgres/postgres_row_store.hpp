// Tenants' rows in PostgreSQL: one table for each collection, with two walls between tenants. Every
// statement binds the tenant and the environment; and row-level security, forced on the tables'
// owner too, shows a transaction only the rows of the tenant and the environment that it has named
// at its beginning.
#pragma once

#include <chrono>
#include <memory>
#include <span>

#include "store/postgres/url.hpp"
#include "store/row_store.hpp"

namespace keystead::store {

struct PostgresRowOptions {
  std::size_t connections_max = 8;
  // A statement that takes longer ends with store::Broken.
  std::chrono::milliseconds query_time_max = std::chrono::seconds(5);
};

// Tables and columns that the database lacks are added now. Throws store::Broken, with one line for
// the operator, if the database cannot be reached, its version or our role on it cannot hold
// tenants apart, or its tables do not fit the collections.
std::unique_ptr<RowStores> open_postgres_rows(
    postgres::Url const& url,
    PostgresRowOptions const& options,
    std::span<domain::Collection const> collections
);

}  // namespace keystead::store
