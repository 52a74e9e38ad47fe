// How PostgresControlStore is read and written: through a connection of the pool, or in a
// transaction that has the connection to itself, and the database's audit log.
#pragma once

#include "store/postgres/postgres_control_store.hpp"
#include "store/revocation_journal.hpp"

namespace keystead::store {

class PostgresControlStore::Reading {
 public:
  explicit Reading(PostgresControlStore& store) : lease_(store.readers_.take()) {}

  postgres::Connection& operator*() { return *lease_; }
  postgres::Connection* operator->() { return &*lease_; }

 private:
  postgres::Pool::Lease lease_;
};

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
  // The act and its record, both or neither. There is no journal of keys that end beside a
  // database that we do not restore.
  void commit_with(domain::AuditEntry const& entry, std::span<KeyEnd const> = {}) {
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
