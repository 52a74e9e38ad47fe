// Files and folders that only their owner may read, such as the pepper.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace keystead::store {

// The whole file; nothing if there is none. A Failure if it is not a regular file, is longer than
// `bytes_max`, or may be read or written by anyone but its owner.
Result<std::optional<Secret>> read_private(
    std::filesystem::path const& file, std::size_t bytes_max
);

// Writes the whole file with mode 0600, or leaves what was there; durable when it returns.
Result<void> write_private(std::filesystem::path const& file, Secret const& text);

// Appends whole lines; durable when it returns. Makes the file with mode 0600 if there is none.
// What a crash left of a line without its end is cut off first.
Result<void> append_private(std::filesystem::path const& file, std::string_view lines);

// A copy with mode 0600 under a name that is free; durable when it returns, but for the name.
Result<void> copy_private(std::filesystem::path const& from, std::filesystem::path const& to);

// Makes the names in a folder durable.
Result<void> sync_folder(std::filesystem::path const& folder);

// Makes the folder with mode 0700 unless there is something of that name; durable when it returns.
// Its parent must exist.
Result<void> make_private_folder(std::filesystem::path const& folder);

}  // namespace keystead::store
