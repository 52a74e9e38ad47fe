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

  struct Fetched {
    // Null for what is no good. Implicit: few servers say how long it is fresh.
    // NOLINTNEXTLINE(google-explicit-constructor)
    Fetched(Value fetched, std::optional<std::chrono::seconds> fresh = {})
        : value(std::move(fetched)), fresh_for(fresh) {}

    Value value;
    std::optional<std::chrono::seconds> fresh_for;  // none: as Times says
  };

  // `fetch` may wait, and is never called twice at once.
  Refreshed(Times times, std::function<Fetched()> fetch)
      : times_(times), fresh_for_(times.fresh_for), fetch_(std::move(fetch)) {}

  // Null if there is none that may be trusted. Fetches what is missing or old; may wait.
  Value get(Time now) { return find(nullptr, now); }

  // One that took the place of `seen`, or null if there is none yet.
  Value newer_than(Value const& seen, Time now) { return find(seen, now); }

  // What is there already, without a fetch and without waiting: null if it is not fresh, or may not
  // be trusted any more.
  Value fresh(Time now) {
    std::scoped_lock lock(mutex_);
    return is_fresh(now) ? value_ : nullptr;
  }
  Value kept(Time now) {
    std::scoped_lock lock(mutex_);
    return is_usable(now) ? value_ : nullptr;
  }

 private:
  bool is_usable(Time now) const { return value_ && now < fetched_at_ + times_.kept_for; }
  bool is_fresh(Time now) const { return is_usable(now) && now < fetched_at_ + fresh_for_; }

  Value find(Value const& seen, Time now) {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (seen ? is_usable(now) && value_ != seen : is_fresh(now)) return value_;
      auto otherwise = is_usable(now) && !seen ? value_ : nullptr;
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
      if (fetched.value) {
        value_ = std::move(fetched.value);
        fresh_for_ = fetched.fresh_for.value_or(times_.fresh_for);
        fetched_at_ = now;
      }
      fetched_.notify_all();
    }
  }

  Times times_;
  std::chrono::seconds fresh_for_;  // of the value
  std::function<Fetched()> fetch_;
  std::mutex mutex_;
  std::condition_variable fetched_;
  bool is_fetching_ = false;
  Value value_;
  Time fetched_at_ = Time::min();
  std::optional<Time> tried_at_;
};

}  // namespace keystead::authn
