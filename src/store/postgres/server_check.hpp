// Whether a server and our role on it can hold tenants apart.
#pragma once

#include <string>
#include <vector>

#include "store/finding.hpp"
#include "store/postgres/connection.hpp"

namespace keystead::store::postgres {

// By the number that the server gives itself: 150014 for 15.14.
Finding check_version(int version);
Finding check_role(Connection& connection);
Finding check_encoding(Connection& connection);

// Throws store::Broken with the first of these that is bad.
void refuse_unsafe(Connection& connection);

// The wall around rows: the table's row-level security holds for its owner too, and its only policy
// is ours. One finding for each table of a collection that there is.
std::vector<Finding> check_walls(Connection& connection);

// Named as a transaction's environment, it lets the rows of all be seen and deleted, and none be
// written.
inline constexpr std::string_view kEveryEnvironment = "*";

// The SQL that puts it up around a new table, of this quoted name.
std::string wall_sql(std::string const& table);

// What does not keep us from starting: how we are connected, and whether a commit is kept.
std::vector<Finding> check_settings(Connection& connection);

// All of the above, for `doctor`; a single bad finding where the database cannot be reached.
// Changes nothing. Throws nothing.
std::vector<Finding> inspect(Url const& url);

}  // namespace keystead::store::postgres
