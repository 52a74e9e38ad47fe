// What another server publishes, kept for as long as it may be trusted.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/clock.hpp"

namespace keystead::authn {

// Safe from any thread. However many ask, the server is asked once at a time (attack 23).
template <class T>
class Refreshed {
 public:
  using Value = std::shared_ptr<T const>;

  struct Times {
    std::chrono::seconds fresh_for;  // until it is fetched again
    std::chrono::seconds kept_for;   // while that fails
    std::chrono::seconds pause;      // between two attempts
  };

  // `fetch` gives null for what is no good; it may wait, and is never called twice at once.
  Refreshed(Times times, std::function<Value()> fetch) : times_(times), fetch_(std::move(fetch)) {}

  // Null if there is none that may be trusted. Fetches what is missing or old; may wait.
  Value get(Time now) { return find(nullptr, now); }

  // One that took the place of `seen`, or null if there is none yet.
  Value newer_than(Value const& seen, Time now) { return find(seen, now); }

 private:
  Value find(Value const& seen, Time now) {
    std::unique_lock lock(mutex_);
    for (;;) {
      bool is_usable = value_ && now < fetched_at_ + times_.kept_for;
      bool is_fresh = is_usable && now < fetched_at_ + times_.fresh_for;
      if (seen ? is_usable && value_ != seen : is_fresh) return value_;
      auto otherwise = is_usable && !seen ? value_ : nullptr;
      if (is_fetching_) {
        if (otherwise) return otherwise;
        fetched_.wait(lock, [&] { return !is_fetching_; });
        continue;
      }
      // A clock that was set back must not make the pause longer.
      if (tried_at_ && *tried_at_ <= now && now < *tried_at_ + times_.pause) return otherwise;
      is_fetching_ = true;
      tried_at_ = now;
      lock.unlock();
      auto fetched = fetch_();
      lock.lock();
      is_fetching_ = false;
      if (fetched) {
        value_ = std::move(fetched);
        fetched_at_ = now;
      }
      fetched_.notify_all();
    }
  }

  Times times_;
  std::function<Value()> fetch_;
  std::mutex mutex_;
  std::condition_variable fetched_;
  bool is_fetching_ = false;
  Value value_;
  Time fetched_at_ = Time::min();
  std::optional<Time> tried_at_;
};

}  // namespace keystead::authn
