#include "store/sqlite/file_copy.hpp"

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "store/sqlite/database.hpp"

namespace keystead::store {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr int kAllPages = -1;

// A connection without the set-up of Database: it makes no file, and the copy shall be no
// write-ahead log.
class Handle {
 public:
  explicit Handle(std::filesystem::path const& file) : name_(file.filename().string()) {
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(file.c_str(), &handle_, kFlags, nullptr);
    sqlite3_busy_timeout(handle_, kBusyMilliseconds);
    if (code == SQLITE_OK) return;
    sqlite3_close(handle_);
    fail_with(code);
  }
  Handle(Handle const&) = delete;
  Handle& operator=(Handle const&) = delete;
  ~Handle() { sqlite3_close(handle_); }

  void execute(char const* sql) {
    int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail_with(code);
  }
  [[noreturn]] void fail_with(int code) const {
    throw Broken(name_ + ": cannot copy it: " + sqlite3_errstr(code));
  }
  sqlite3* get() const { return handle_; }

 private:
  std::string name_;
  sqlite3* handle_ = nullptr;
};

void create_private(std::filesystem::path const& file) {
  int fd = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    throw Broken(file.string() + ": cannot create it: " + std::generic_category().message(errno));
  }
  ::close(fd);
}

}  // namespace

void copy_database(std::filesystem::path const& from, std::filesystem::path const& to) {
  Handle source(from);
  create_private(to);
  Handle target(to);
  auto* copying = sqlite3_backup_init(target.get(), "main", source.get(), "main");
  if (copying == nullptr) target.fail_with(sqlite3_extended_errcode(target.get()));
  int code = sqlite3_backup_step(copying, kAllPages);
  sqlite3_backup_finish(copying);
  if (code != SQLITE_DONE) source.fail_with(code);
  target.execute("PRAGMA journal_mode = DELETE");
}

void check_database(std::filesystem::path const& file, std::size_t version_max) {
  Database database(file);
  Statement check = database.prepare("PRAGMA quick_check(1)");
  if (!check.next() || check.text(0) != "ok") {
    throw Broken(database.name() + " is damaged: " + std::string(check.text(0)));
  }
  Statement version = database.prepare("PRAGMA user_version");
  if (version.next() && static_cast<std::size_t>(version.integer(0)) > version_max) {
    throw Broken(database.name() + " was written by a newer Keystead");
  }
}

}  // namespace keystead::store
