// Whole SQLite files: copied while others use them, and looked at before they are used.
#pragma once

#include <cstddef>
#include <filesystem>

namespace keystead::store {

// Copies the file as it stands between two transactions. `to` must not exist; it gets mode 0600 and
// needs no file beside it. Throws store::Broken.
void copy_database(std::filesystem::path const& from, std::filesystem::path const& to);

// Throws store::Broken, saying why, if the file is no sound database or has taken more migrations
// than `version_max`. Nobody else may use it meanwhile.
void check_database(std::filesystem::path const& file, std::size_t version_max);

}  // namespace keystead::store
