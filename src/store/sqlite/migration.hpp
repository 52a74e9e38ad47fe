// The schema of a file as a list of numbered steps, which are the .sql files of a folder, embedded
// in order. user_version says how many of them a file has taken.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "store/sqlite/database.hpp"

namespace keystead::store {

// The file's name and its text, as keystead_embed_list writes them.
using Migration = std::pair<std::string_view, std::string_view>;

extern std::span<Migration const> const kControlMigrations;
extern std::span<Migration const> const kTenantMigrations;

// Brings the file up to date: each step with its number in one transaction, so that an interruption
// leaves the step done or not begun. Throws store::Broken if a step fails, or if the file has taken
// more steps than this binary knows.
void migrate(Database& database, std::span<Migration const> migrations);

}  // namespace keystead::store
