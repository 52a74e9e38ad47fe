// A transaction of PostgresControlStore that writes: it has the connection to itself, and the
// database's audit log.
#pragma once

#include "store/postgres/postgres_control_store.hpp"

namespace keystead::store {

class PostgresControlStore::Writing {
 public:
  explicit Writing(PostgresControlStore& store)
      : store_(store),
        lock_(store.writer_mutex_),
        connection_(store.writer()),
        transaction_(connection_) {
    // Until the transaction ends. What is read from here on has everything that was committed
    // before.
    connection_.execute("SELECT pg_advisory_xact_lock(" + std::to_string(kLogLock) + ")");
  }

  postgres::Connection& operator*() { return connection_; }
  postgres::Connection* operator->() { return &connection_; }

  void commit() { transaction_.commit(); }
  // The act and its record, both or neither.
  void commit_with(domain::AuditEntry const& entry) {
    AuditTable(connection_).append({&entry, 1}, store_.seal());
    commit();
  }

 private:
  static constexpr std::int64_t kLogLock = 0x6b65797361756469;  // "keysaudi"

  PostgresControlStore& store_;
  std::scoped_lock<std::mutex> lock_;
  postgres::Connection& connection_;
  postgres::Transaction transaction_;
};

}  // namespace keystead::store
