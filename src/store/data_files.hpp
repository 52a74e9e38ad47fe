// What lies where in a data folder, and in a backup of one.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace keystead::store {

inline constexpr std::string_view kControlFile = "keystead.db";
inline constexpr std::string_view kTenantFolder = "tenants";
inline constexpr std::string_view kPepperFile = "pepper";

// The names of the tenants' files, from the data folder on.
std::vector<std::filesystem::path> tenant_files(std::filesystem::path const& data_folder);

std::filesystem::path with_suffix(std::filesystem::path file, std::string_view suffix);

// Nothing happens if `from` does not exist. See copy_private.
Result<void> copy_if_there(std::filesystem::path const& from, std::filesystem::path const& to);

// Not durable until both folders are synced.
Result<void> move_entry(std::filesystem::path const& from, std::filesystem::path const& to);

// A folder that is thrown away unless it is kept: moved to where it belongs.
class FolderDraft {
 public:
  explicit FolderDraft(std::filesystem::path folder) : folder_(std::move(folder)) {}
  FolderDraft(FolderDraft const&) = delete;
  FolderDraft& operator=(FolderDraft const&) = delete;
  ~FolderDraft();

  std::filesystem::path const& folder() const { return folder_; }
  // Durable when it returns. `target` may be an empty folder.
  Result<void> keep_as(std::filesystem::path const& target);

 private:
  std::filesystem::path folder_;
};

}  // namespace keystead::store
