#include "store/sqlite/database.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystead::store {
namespace {

constexpr std::size_t kIdleStatementsMax = 128;
constexpr int kBusyMilliseconds = 5000;
// Few, because a step may search a long text.
constexpr int kStepsBetweenLooksAtTheClock = 256;

[[noreturn]] void fail_errno(std::string const& name, char const* what) {
  throw Broken(name + ": " + what + ": " + std::generic_category().message(errno));
}

// SQLite would create the file readable by all. An existing file is not opened here: closing it
// again would drop the POSIX locks of any other connection of this process.
void create_private(std::filesystem::path const& file, std::string const& name) {
  int fd = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0) {
    ::close(fd);
    return;
  }
  if (errno != EEXIST) fail_errno(name, "cannot create it");
  struct stat status{};
  if (::lstat(file.c_str(), &status) != 0) fail_errno(name, "cannot look at it");
  if (!S_ISREG(status.st_mode)) throw Broken(name + ": not a regular file");
  if ((status.st_mode & 077) != 0 && ::chmod(file.c_str(), 0600) != 0) {
    fail_errno(name, "others may read it, and its mode cannot be changed");
  }
}

// NOFOLLOW refuses a link anywhere in the path; only the file itself must not be one.
std::filesystem::path without_links_above(std::filesystem::path const& file) {
  std::error_code error;
  auto folder = std::filesystem::canonical(std::filesystem::absolute(file).parent_path(), error);
  if (error) throw Broken(file.string() + ": its folder cannot be reached: " + error.message());
  return folder / file.filename();
}

}  // namespace

Database::Database(std::filesystem::path const& file, Options options)
    : name_(file.filename().string()) {
  auto path = without_links_above(file);
  create_private(path, name_);
  int code = sqlite3_open_v2(
      path.c_str(),
      &handle_,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
      nullptr
  );
  try {
    if (code != SQLITE_OK) fail_with(code);
    set_up(options);
  } catch (...) {
    close();
    throw;
  }
}

Database::~Database() {
  close();
}

void Database::close() {
  for (auto& [sql, statement] : idle_) sqlite3_finalize(statement);
  idle_.clear();
  sqlite3_close(handle_);
  handle_ = nullptr;
}

void Database::set_up(Options options) {
  sqlite3_busy_timeout(handle_, kBusyMilliseconds);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  {
    Statement mode = prepare("PRAGMA journal_mode = WAL");
    if (!mode.next() || mode.text(0) != "wal") throw Broken(name_ + ": no write-ahead log here");
  }
  execute(
      "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = "
      "67108864;"
      "PRAGMA cache_size = -" +
      std::to_string(options.cache_kib)
  );
  if (options.access == Access::read_only) execute("PRAGMA query_only = ON");
  sqlite3_progress_handler(handle_, kStepsBetweenLooksAtTheClock, is_late, this);
}

int Database::is_late(void* self) {
  auto deadline = static_cast<Database*>(self)->deadline_;
  return std::chrono::steady_clock::now() > deadline ? 1 : 0;
}

void Database::limit_time(std::chrono::milliseconds time) {
  deadline_ = std::chrono::steady_clock::now() + time;
}

Statement Database::prepare(std::string_view sql) {
  std::string text(sql);
  if (auto idle = idle_.extract(text)) return Statement(*this, std::move(text), idle.mapped());
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v3(
      handle_,
      text.c_str(),
      static_cast<int>(text.size()) + 1,
      SQLITE_PREPARE_PERSISTENT,
      &statement,
      nullptr
  );
  if (code != SQLITE_OK) fail_with(code);
  return Statement(*this, std::move(text), statement);
}

void Database::give_back(std::string sql, sqlite3_stmt* statement) {
  if (idle_.size() >= kIdleStatementsMax) {
    sqlite3_finalize(idle_.begin()->second);
    idle_.erase(idle_.begin());
  }
  if (!idle_.try_emplace(std::move(sql), statement).second) sqlite3_finalize(statement);
}

void Database::execute(std::string const& sql) {
  int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail_with(code);
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_);
}

void Database::fail_with(int code) const {
  // The connection's own text says more, but only if it is about this error.
  bool is_latest = handle_ != nullptr && sqlite3_extended_errcode(handle_) == code;
  char const* text = is_latest ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  throw Broken(name_ + ": " + text + " (SQLite error " + std::to_string(code) + ")");
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.prepare("BEGIN IMMEDIATE").run();
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors, a full disk among them.
  if (!open_ || sqlite3_get_autocommit(database_.handle()) != 0) return;
  sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.prepare("COMMIT").run();
  open_ = false;
}

}  // namespace keystead::store
