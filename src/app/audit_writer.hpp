// Takes audit entries from threads that must not wait, and appends them to the audit log in batches
// from a thread of its own. Administrative acts do not come this way: they are written with what
// they do, in one transaction.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "domain/audit_entry.hpp"
#include "store/control_store.hpp"

namespace keystead::app {

class AuditWriter {
 public:
  struct Options {
    // Entries that may wait. Beyond, they are lost, and an audit.lost entry says how many.
    std::size_t waiting_max = 65'536;
  };

  // Both outlive it.
  AuditWriter(Options options, store::ControlStore& store, Clock const& clock);
  // Writes what is waiting.
  ~AuditWriter();
  AuditWriter(AuditWriter const&) = delete;
  AuditWriter& operator=(AuditWriter const&) = delete;

  // Safe from any thread. Never waits for the disk.
  void record(domain::AuditEntry entry);
  // Returns when all that was recorded before is written, or the store is broken.
  void flush();

  // Whether the last attempt to write failed. What waits is tried again.
  bool is_broken() const { return is_broken_.load(std::memory_order_relaxed); }
  std::uint64_t lost() const { return lost_total_.load(std::memory_order_relaxed); }

 private:
  void run(std::stop_token const& stop);
  void write(std::vector<domain::AuditEntry>& batch);
  domain::AuditEntry loss(std::uint64_t count) const;

  Options options_;
  store::ControlStore& store_;
  Clock const& clock_;

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::condition_variable_any written_;
  std::deque<domain::AuditEntry> waiting_;
  std::uint64_t taken_ = 0;     // entries that were recorded so far
  std::uint64_t finished_ = 0;  // of them, those that are written or given up
  std::uint64_t attempts_ = 0;  // failed ones
  std::uint64_t lost_ = 0;      // since the last audit.lost entry
  std::atomic<std::uint64_t> lost_total_{0};
  std::atomic<bool> is_broken_{false};
  std::jthread thread_;
};

}  // namespace keystead::app
