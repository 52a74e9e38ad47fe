// One io thread: its io_context, its listeners, its clock and the connections it accepted. A
// connection never changes its loop, and everything in here is touched by the loop's thread only,
// unless it says otherwise.
#pragma once

#include <functional>
#include <memory>
#include <unordered_set>
#include <vector>

#include "net/asio.hpp"
#include "net/loop_state.hpp"
#include "net/options.hpp"
#include "net/timer_wheel.hpp"
#include "net/worker_pool.hpp"

namespace keystead::net {

// What a loop has to know of a connection.
class LoopConnection : public TimerWheel::Entry {
 public:
  virtual void close_if_idle() = 0;
  virtual void close() = 0;

 protected:
  ~LoopConnection() = default;
};

class LoopListener {
 public:
  virtual ~LoopListener() = default;
  virtual void close() = 0;
};

class Loop {
 public:
  // Both outlive the loop.
  Loop(ServerOptions const& options, WorkerPool& workers);

  // Serves until stop(). Called once, by the thread that becomes the loop's.
  void run();
  void stop() { context_.stop(); }  // from any thread

  // Before run().
  void add(std::unique_ptr<LoopListener> listener) { listeners_.push_back(std::move(listener)); }

  // Stops accepting, closes idle connections and calls `when_empty` on the loop's thread when the
  // last one has gone. From any thread.
  void drain(std::function<void()> when_empty);
  // Closes everything. From any thread.
  void close_all();

  void enter(LoopConnection& connection) { connections_.insert(&connection); }
  void leave(LoopConnection& connection);

  asio::io_context& context() { return context_; }
  LoopState& state() { return state_; }
  LoopState const& state() const { return state_; }
  TimerWheel& wheel() { return wheel_; }
  WorkerPool& workers() { return workers_; }
  ServerOptions const& options() const { return options_; }

  // The tick by which `time` has passed since now, or since `start`.
  TimerWheel::Tick after(std::chrono::milliseconds time) const { return after(wheel_.now(), time); }
  TimerWheel::Tick after(TimerWheel::Tick start, std::chrono::milliseconds time) const;

 private:
  Awaitable<> keep_time();

  ServerOptions const& options_;
  WorkerPool& workers_;
  LoopState state_;
  TimerWheel wheel_;
  std::unordered_set<LoopConnection*> connections_;
  std::function<void()> when_empty_;
  // Ends first of all: the coroutines in it, and the connections in them, take their leave of the
  // above.
  asio::io_context context_;
  std::vector<std::unique_ptr<LoopListener>> listeners_;
};

}  // namespace keystead::net
