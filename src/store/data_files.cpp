#include "store/data_files.hpp"

#include <system_error>

#include "store/private_file.hpp"

namespace keystead::store {

using std::filesystem::path;

std::vector<path> tenant_files(path const& data_folder) {
  std::vector<path> names;
  if (!std::filesystem::is_directory(data_folder / kTenantFolder)) return names;
  for (auto const& each : std::filesystem::directory_iterator(data_folder / kTenantFolder)) {
    if (each.is_regular_file() && each.path().extension() == ".db") {
      names.push_back(kTenantFolder / each.path().filename());
    }
  }
  return names;
}

path with_suffix(path file, std::string_view suffix) {
  file += suffix;
  return file;
}

Result<void> copy_if_there(path const& from, path const& to) {
  if (!std::filesystem::exists(from)) return {};
  return copy_private(from, to);
}

Result<void> move_entry(path const& from, path const& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (!error) return {};
  return fail(Code::unavailable, "cannot move " + from.string() + ": " + error.message());
}

FolderDraft::~FolderDraft() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

Result<void> FolderDraft::keep_as(path const& target) {
  TRY(sync_folder(folder_));
  TRY(move_entry(folder_, target));
  folder_.clear();
  return sync_folder(target.parent_path());
}

}  // namespace keystead::store
