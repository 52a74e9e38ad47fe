// How SqliteControlStore is read and written: through one of its two connections, while nobody else
// has it.
#pragma once

#include <mutex>
#include <span>

#include "store/sqlite/sqlite_control_store.hpp"

namespace keystead::store {

class SqliteControlStore::Reading {
 public:
  explicit Reading(SqliteControlStore& store)
      : lock_(store.reader_.mutex), database_(store.reader_.database) {}

  Database& operator*() { return database_; }
  Database* operator->() { return &database_; }

 private:
  std::scoped_lock<std::mutex> lock_;
  Database& database_;
};

class SqliteControlStore::Writing {
 public:
  explicit Writing(SqliteControlStore& store)
      : store_(store), lock_(store.writer_.mutex), transaction_(store.writer_.database) {}

  Database& operator*() { return store_.writer_.database; }
  Database* operator->() { return &store_.writer_.database; }

  void commit() { transaction_.commit(); }
  // The act and its record, both or neither; and the keys that end by it, in the journal before.
  void commit_with(domain::AuditEntry const& entry, std::span<KeyEnd const> ends = {}) {
    store_.append(entry);
    store_.note(ends);
    commit();
  }

 private:
  SqliteControlStore& store_;
  std::scoped_lock<std::mutex> lock_;
  Transaction transaction_;
};

}  // namespace keystead::store
