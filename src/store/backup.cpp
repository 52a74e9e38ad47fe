#include "store/backup.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <stdlib.h>

#include "store/broken.hpp"
#include "store/data_files.hpp"
#include "store/private_file.hpp"
#include "store/revocation_journal.hpp"
#include "store/sqlite/file_copy.hpp"

namespace keystead::store {
namespace {

using std::filesystem::path;

// A tenant may be deleted while its file is waited for.
bool copy_tenant(path const& from, path const& to) {
  try {
    copy_database(from, to);
    return true;
  } catch (Broken const&) {
    if (std::filesystem::exists(from)) throw;
    std::filesystem::remove(to);
    return false;
  }
}

Result<BackupDone> copy_folder(path const& data, path const& target, PepperCopy pepper) {
  BackupDone done;
  TRY(make_private_folder(target / kTenantFolder));
  for (auto const& name : tenant_files(data)) {
    if (copy_tenant(data / name, target / name)) ++done.databases;
  }
  copy_database(data / kControlFile, target / kControlFile);
  ++done.databases;
  TRY(sync_folder(target / kTenantFolder));
  // Last, so that no key that ended while the databases were copied is missing.
  TRY(copy_if_there(journal_of(data), journal_of(target)));
  if (pepper == PepperCopy::include) TRY(copy_if_there(data / kPepperFile, target / kPepperFile));
  return done;
}

Result<void> check_target(path const& target) {
  std::error_code error;
  bool is_there = std::filesystem::exists(target, error);
  if (is_there && !std::filesystem::is_empty(target, error)) {
    return fail(Code::conflict, target.string() + " is there already and not empty");
  }
  return {};
}

// A fresh folder beside `target`, whose name says what it was to become.
Result<path> make_draft_folder(path const& target) {
  std::string name = with_suffix(target, ".partial-XXXXXX").string();
  if (::mkdtemp(name.data()) != nullptr) return path(name);
  return fail(
      Code::unavailable, "cannot create " + name + ": " + std::generic_category().message(errno)
  );
}

}  // namespace

Result<BackupDone> backup(path const& data_folder, path const& target, PepperCopy pepper) {
  if (!std::filesystem::exists(data_folder / kControlFile)) {
    return fail(Code::not_found, "there is no control plane in " + data_folder.string());
  }
  auto named = std::filesystem::absolute(target).lexically_normal();
  if (!named.has_filename()) named = named.parent_path();
  TRY(check_target(named));
  FolderDraft draft(TRY(make_draft_folder(named)));
  auto done = TRY(copy_folder(data_folder, draft.folder(), pepper));
  TRY(draft.keep_as(named));
  return done;
}

}  // namespace keystead::store
