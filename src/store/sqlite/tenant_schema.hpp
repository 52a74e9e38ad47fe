// The tables of a tenant's file, made to fit the collections that configuration declares.
#pragma once

#include <span>

#include "domain/collection.hpp"
#include "domain/ids.hpp"
#include "store/sqlite/database.hpp"

namespace keystead::store {

// Adds the tables, columns and unique indexes that the file lacks, and drops the indexes of fields
// that are unique no more: all or nothing. What the configuration no longer names stays in the
// file. Throws store::Broken naming collection and field if a column has another type than the
// configuration says, or holds a value twice that is to be unique.
void fit_schema(
    Database& database,
    domain::TenantId const& tenant,
    std::span<domain::Collection const> collections
);

}  // namespace keystead::store
