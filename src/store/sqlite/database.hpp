// One connection to one SQLite file, set up to lose nothing that was committed and to trust nothing
// in the file. A connection is used by one thread at a time: whoever shares one keeps a mutex
// beside it.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/broken.hpp"
#include "store/sqlite/statement.hpp"

struct sqlite3;

namespace keystead::store {

class Database {
 public:
  enum class Access { read_write, read_only };
  struct Options {
    Access access = Access::read_write;
    int cache_kib = 2048;
  };

  // Opens the file, or creates it with mode 0600 in a folder that exists. Throws store::Broken.
  explicit Database(std::filesystem::path const& file) : Database(file, Options{}) {}
  Database(std::filesystem::path const& file, Options options);
  Database(Database const&) = delete;
  Database& operator=(Database const&) = delete;
  ~Database();

  // The statement is kept for the next use of the same text.
  Statement prepare(std::string_view sql);
  // Runs one or several statements without parameters.
  void execute(std::string const& sql);
  // How many rows the last statement changed.
  std::int64_t changes() const;
  // From now on a statement that is still running after `time` ends with store::Broken, so that one
  // caller's question cannot hold the connection for ever.
  void limit_time(std::chrono::milliseconds time);

  sqlite3* handle() const { return handle_; }
  std::string const& name() const { return name_; }

  // Throws store::Broken with SQLite's text of what went wrong; it never holds values.
  [[noreturn]] void fail_with(int code) const;

 private:
  friend class Statement;
  void give_back(std::string sql, sqlite3_stmt* statement);
  void close();
  void set_up(Options options);
  static int is_late(void* self);

  std::string name_;  // of the file, for error texts
  sqlite3* handle_ = nullptr;
  std::unordered_map<std::string, sqlite3_stmt*> idle_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
};

// A write transaction: rolled back unless committed. Declare it before the statements that run in
// it.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(Transaction const&) = delete;
  Transaction& operator=(Transaction const&) = delete;
  ~Transaction();

  // Durable when it returns.
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace keystead::store
