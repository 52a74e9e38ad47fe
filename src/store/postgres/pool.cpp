#include "store/postgres/pool.hpp"

#include "store/postgres/server_check.hpp"

namespace keystead::store::postgres {

Pool::Lease::Lease(Pool& pool) : pool_(pool), connection_(pool.take_idle()) {
  if (connection_ && connection_->is_usable()) return;
  try {
    connection_ = std::make_unique<Connection>(pool_.url_, pool_.options_.connection);
    refuse_unsafe(*connection_);
  } catch (...) {
    pool_.give_back(nullptr);
    throw;
  }
}

// Counts one as taken. Gives none if there is no idle one.
std::unique_ptr<Connection> Pool::take_idle() {
  std::unique_lock lock(mutex_);
  bool is_free = freed_.wait_for(lock, options_.wait_max, [this] {
    return taken_ < options_.connections_max;
  });
  if (!is_free) throw Broken(url_.shown() + ": all connections are in use");
  ++taken_;
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  if (connection && !connection->is_usable()) connection.reset();
  {
    std::scoped_lock lock(mutex_);
    --taken_;
    if (connection) idle_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

}  // namespace keystead::store::postgres
