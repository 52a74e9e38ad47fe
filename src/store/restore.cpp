#include "store/restore.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "store/broken.hpp"
#include "store/data_files.hpp"
#include "store/data_folder.hpp"
#include "store/pepper.hpp"
#include "store/private_file.hpp"
#include "store/revocation_journal.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/file_copy.hpp"
#include "store/sqlite/migration.hpp"

namespace keystead::store {
namespace {

using std::filesystem::path;

constexpr std::string_view kReady = "restore.ready";
constexpr std::size_t kPepperBytesMax = 65536;

Result<void> remove_whole(path const& folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (!error) return {};
  return fail(Code::unavailable, "cannot remove " + folder.string() + ": " + error.message());
}

Result<void> check_backup(path const& from) {
  if (!std::filesystem::is_regular_file(from / kControlFile)) {
    return fail(Code::not_found, "there is no backup in " + from.string());
  }
  auto names = tenant_files(from);
  names.emplace_back(kControlFile);
  for (auto const& name : names) {
    if (!std::filesystem::exists(with_suffix(from / name, "-wal"))) continue;
    return fail(
        Code::invalid_request,
        (from / name).string() + " is in use, or was: make a backup of it first"
    );
  }
  return {};
}

Result<std::vector<Pepper>> read_pepper(path const& file) {
  auto text = TRY(read_private(file, kPepperBytesMax));
  if (!text) return std::vector<Pepper>();
  return parse_pepper(*text);
}

// Keys made under a pepper of the backup must go on working under that of the data folder.
Result<void> check_pepper(path const& from, path const& data) {
  auto present = TRY(read_pepper(data / kPepperFile));
  if (present.empty()) return {};
  auto wanted = TRY(read_pepper(from / kPepperFile));
  for (auto const& each : wanted) {
    bool is_there = std::ranges::any_of(present, [&](Pepper const& pepper) {
      return pepper.version == each.version && pepper.bytes.reveal() == each.bytes.reveal();
    });
    if (is_there) continue;
    return fail(
        Code::conflict,
        "the pepper in " + data.string() + " lacks version " + std::to_string(each.version) +
            " of the pepper in the backup"
    );
  }
  return {};
}

Result<void> copy_checked(path const& from, path const& to, std::size_t version_max) {
  TRY(copy_private(from, to));
  try {
    check_database(to, version_max);
  } catch (Broken const& broken) {
    return fail(Code::invalid_request, std::string("the backup cannot be used: ") + broken.what());
  }
  return {};
}

// Of grants, codes and refresh tokens no journal says what has ended or was used since the backup,
// and what was used must not be good again (attack 56): people approve their clients once more.
void end_grants(path const& control) {
  Database database(control);
  bool has_grants =
      database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'oauth_grant'").next();
  if (!has_grants) return;  // the backup is older than they are
  database.execute("UPDATE oauth_grant SET ended_at = coalesce(ended_at, created_at)");
}

Result<RestoreDone> stage(path const& from, path const& data, path const& draft) {
  RestoreDone done;
  TRY(make_private_folder(draft / kTenantFolder));
  auto tenants = tenant_files(from);
  for (auto const& name : tenants) {
    TRY(copy_checked(from / name, draft / name, kTenantMigrations.size()));
  }
  TRY(copy_checked(from / kControlFile, draft / kControlFile, kControlMigrations.size()));
  end_grants(draft / kControlFile);
  TRY(copy_if_there(from / kPepperFile, draft / kPepperFile));
  auto ours = TRY(read_ends(journal_of(data)));
  auto theirs = TRY(read_ends(journal_of(from)));
  TRY(write_merged_journal(journal_of(draft), ours, theirs));
  TRY(sync_folder(draft / kTenantFolder));
  done.databases = tenants.size() + 1;
  done.ended_keys = TRY(read_ends(journal_of(draft))).size();
  return done;
}

// The new one moves in when the old one is out: whoever comes back after a crash sees from what
// still waits in `ready` how far it got.
Result<void> exchange(path const& data, path const& ready, std::string_view name) {
  if (!std::filesystem::exists(ready / name)) return {};
  for (auto suffix : {"-wal", "-shm", ""}) {
    auto old = with_suffix(path(name), suffix);
    if (std::filesystem::exists(data / old)) TRY(move_entry(data / old, ready / "replaced" / old));
  }
  return move_entry(ready / name, data / name);
}

path free_name(path const& data) {
  for (int number = 1;; ++number) {
    auto name = data / ("replaced-" + std::to_string(number));
    if (!std::filesystem::exists(name)) return name;
  }
}

// Keeps what was replaced; where there was nothing, no trace stays.
Result<std::optional<path>> put_away(path const& data, path const& ready) {
  if (std::filesystem::is_empty(ready / "replaced")) {
    TRY(remove_whole(ready));
    return std::nullopt;
  }
  auto kept = free_name(data);
  TRY(move_entry(ready, kept));
  TRY(sync_folder(data));
  return kept;
}

Result<std::optional<path>> complete(path const& data) {
  auto ready = data / kReady;
  if (!std::filesystem::exists(ready)) return std::nullopt;
  TRY(make_private_folder(ready / "replaced"));
  // The journal first: with it, whatever database is there knows which keys have ended.
  if (std::filesystem::exists(journal_of(ready)))
    TRY(move_entry(journal_of(ready), journal_of(data)));
  if (!std::filesystem::exists(data / kPepperFile) &&
      std::filesystem::exists(ready / kPepperFile)) {
    TRY(move_entry(ready / kPepperFile, data / kPepperFile));
  }
  TRY(exchange(data, ready, kTenantFolder));
  TRY(exchange(data, ready, kControlFile));
  TRY(sync_folder(data));
  return put_away(data, ready);
}

}  // namespace

Result<RestoreDone> restore(path const& from, path const& data_folder) {
  TRY(check_backup(from));
  auto held = TRY(DataFolder::open(data_folder));
  TRY(complete(data_folder));
  TRY(check_pepper(from, data_folder));
  auto partial = data_folder / "restore.partial";
  TRY(remove_whole(partial));
  TRY(make_private_folder(partial));
  FolderDraft draft(partial);
  auto done = TRY(stage(from, data_folder, draft.folder()));
  TRY(draft.keep_as(data_folder / kReady));
  done.replaced = TRY(complete(data_folder));
  return done;
}

Result<void> finish_restore(path const& data_folder) {
  TRY(complete(data_folder));
  return {};
}

}  // namespace keystead::store
