// The tables of the control plane as a list of numbered steps, which are the .sql files of a
// folder, embedded in order.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "store/postgres/connection.hpp"

namespace keystead::store {

// The file's name and its text, as keystead_embed_list writes them.
extern std::span<std::pair<std::string_view, std::string_view> const> const kPostgresMigrations;

namespace postgres {

// Brings the database up to date, all steps or none. Throws store::Broken if a step fails, or if
// the database has taken more steps than this binary knows. REQUIRES: nobody else does the same.
void migrate(
    Connection& connection,
    std::span<std::pair<std::string_view, std::string_view> const> migrations
);

}  // namespace postgres
}  // namespace keystead::store
