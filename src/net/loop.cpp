#include "net/loop.hpp"

#include <utility>

namespace keystead::net {
namespace {

std::chrono::sys_seconds wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

// One thread touches a loop's sockets, which therefore need no locks; only posting to it from
// elsewhere does.
Loop::Loop(ServerOptions const& options, WorkerPool& workers)
    : options_(options),
      workers_(workers),
      state_(options.server_name),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO) {
  state_.standing.set_time(wall_clock());
}

void Loop::run() {
  asio::co_spawn(context_, keep_time(), asio::detached);
  context_.run();
}

Awaitable<> Loop::keep_time() {
  Timer timer(context_);
  auto start = std::chrono::steady_clock::now();
  while (true) {
    timer.expires_after(options_.deadlines.tick);
    co_await timer.async_wait(kAwait);
    auto passed = std::chrono::steady_clock::now() - start;
    state_.standing.set_time(wall_clock());
    wheel_.advance(static_cast<TimerWheel::Tick>(passed / options_.deadlines.tick));
  }
}

// Rounds up, and counts the tick that is under way as gone.
TimerWheel::Tick Loop::after(TimerWheel::Tick start, std::chrono::milliseconds time) const {
  auto tick = options_.deadlines.tick;
  return start +
         static_cast<TimerWheel::Tick>((time + tick - std::chrono::milliseconds(1)) / tick) + 1;
}

void Loop::leave(LoopConnection& connection) {
  wheel_.remove(connection);
  connections_.erase(&connection);
  if (connections_.empty() && when_empty_) std::exchange(when_empty_, nullptr)();
}

void Loop::drain(std::function<void()> when_empty) {
  asio::post(context_, [this, when_empty = std::move(when_empty)]() mutable {
    state_.draining = true;
    for (auto& listener : listeners_) listener->close();
    for (LoopConnection* connection : connections_) connection->close_if_idle();
    when_empty_ = std::move(when_empty);
    if (connections_.empty()) std::exchange(when_empty_, nullptr)();
  });
}

void Loop::close_all() {
  asio::post(context_, [this] {
    for (auto& listener : listeners_) listener->close();
    for (LoopConnection* connection : connections_) connection->close();
  });
}

}  // namespace keystead::net
