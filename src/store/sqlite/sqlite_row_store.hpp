// Tenants' rows in SQLite, one file for each tenant.
#pragma once

#include <memory>
#include <span>

#include "store/row_store.hpp"
#include "store/tenant_store.hpp"

namespace keystead::store {

extern Dialect const kSqliteDialect;

// Makes the folder, with mode 0700. Throws store::Broken.
std::unique_ptr<RowStores> open_sqlite_rows(
    TenantStores::Options options, std::span<domain::Collection const> collections
);

}  // namespace keystead::store
