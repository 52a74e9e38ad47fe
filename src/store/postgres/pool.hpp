// A bounded number of connections to one database, opened when they are needed and kept.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/postgres/connection.hpp"

namespace keystead::store::postgres {

// Safe from any thread. Outlives its leases.
class Pool {
 public:
  struct Options {
    std::size_t connections_max = 8;
    // How long to wait for one of them to be free.
    std::chrono::milliseconds wait_max = std::chrono::seconds(5);
    Connection::Options connection = {};
  };

  // A connection to oneself, given back when this ends.
  class Lease {
   public:
    Lease(Lease const&) = delete;
    Lease& operator=(Lease const&) = delete;
    ~Lease() { pool_.give_back(std::move(connection_)); }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    friend class Pool;
    explicit Lease(Pool& pool);

    Pool& pool_;
    std::unique_ptr<Connection> connection_;
  };

  Pool(Url url, Options options) : url_(std::move(url)), options_(options) {}

  // Replaces connections that the server has closed meanwhile. Throws store::Broken if none is free
  // in time, the database cannot be reached, or is not safe to use (see server_check.hpp).
  Lease take() { return Lease(*this); }

 private:
  std::unique_ptr<Connection> take_idle();
  void give_back(std::unique_ptr<Connection> connection);

  Url url_;
  Options options_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;  // the latest used last
  std::size_t taken_ = 0;
};

}  // namespace keystead::store::postgres
