// What a server counts for /metrics. Each loop counts for itself in memory that no other core
// writes; reading adds them up.
#pragma once

#include <atomic>
#include <cstdint>

namespace keystead::net {

struct Counters {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_open = 0;
  std::uint64_t connections_refused = 0;  // over a limit
  std::uint64_t requests = 0;
  std::uint64_t framing_refusals = 0;
  std::uint64_t worker_refusals = 0;  // 503, the queue was full
  std::uint64_t timeouts = 0;
  std::uint64_t tls_failures = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

// Written by one thread, read by any. Adding is a plain load and store, without a locked
// instruction.
class Tally {
 public:
  void add(std::uint64_t count = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct alignas(64) LoopCounters {
  Tally accepted, closed, refused, requests, framing_refusals, worker_refusals, timeouts,
      tls_failures, bytes_in, bytes_out;

  void add_to(Counters& sum) const {
    sum.connections_accepted += accepted.get();
    sum.connections_open += accepted.get() - closed.get();
    sum.connections_refused += refused.get();
    sum.requests += requests.get();
    sum.framing_refusals += framing_refusals.get();
    sum.worker_refusals += worker_refusals.get();
    sum.timeouts += timeouts.get();
    sum.tls_failures += tls_failures.get();
    sum.bytes_in += bytes_in.get();
    sum.bytes_out += bytes_out.get();
  }
};

}  // namespace keystead::net
