// The tables of all tenants' rows, made to fit the collections that configuration declares.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/collection.hpp"
#include "store/dialect.hpp"
#include "store/postgres/connection.hpp"

namespace keystead::store::postgres {

extern Dialect const kDialect;

// Makes the schema that everything of ours lies in, if there is none.
void make_schema(Connection& connection);

// Adds the tables, columns and unique indexes that the database lacks, and drops the indexes of
// fields that are unique no more: all or nothing. What the configuration no longer names stays.
// Throws store::Broken naming collection and field if a column has another type than the
// configuration says, or holds a value twice that is to be unique in a tenant; and naming the table
// if one that is there has no wall around its rows (see server_check.hpp).
void fit_schema(Connection& connection, std::span<domain::Collection const> collections);

// The quoted names of all tables of rows that there are.
std::vector<std::string> row_tables(Connection& connection);

}  // namespace keystead::store::postgres
