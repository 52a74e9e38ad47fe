#include "net/server.hpp"

#include <algorithm>
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "net/listener.hpp"
#include "net/loop.hpp"
#include "net/peer_slots.hpp"
#include "net/tls.hpp"
#include "net/worker_pool.hpp"

namespace keystead::net {
namespace {

// Opens when everybody counted in has come through.
class Gate {
 public:
  explicit Gate(std::size_t awaited) : awaited_(awaited) {}

  void come_through() {
    std::lock_guard lock(mutex_);
    --awaited_;
    opened_.notify_all();
  }
  bool wait(std::chrono::milliseconds deadline) {
    std::unique_lock lock(mutex_);
    return opened_.wait_for(lock, deadline, [this] { return awaited_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  std::size_t awaited_;
};

}  // namespace

// In the order in which they depend on each other: what comes later ends first.
struct Server::Parts {
  explicit Parts(ServerOptions given)
      : options(std::move(given)),
        slots(options.connections),
        workers(options.worker_threads, options.worker_queue) {}

  void open_loops();
  Result<> open_listeners();

  ServerOptions options;
  std::unique_ptr<TlsIdentity> tls;
  PeerSlots slots;
  WorkerPool workers;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<TcpAcceptor> tcp;      // one a loop, until start()
  std::vector<LocalAcceptor> local;  // at most one, until start()
  std::uint16_t port = 0;
  std::vector<std::thread> threads;
};

void Server::Parts::open_loops() {
  unsigned count = options.io_threads;
  if (count == 0) count = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < count; ++i) loops.push_back(std::make_unique<Loop>(options, workers));
}

Result<> Server::Parts::open_listeners() {
  boost::system::error_code error;
  auto address = asio::ip::make_address(options.address, error);
  if (error) return fail(Code::invalid_request, "not an IP address: " + options.address);
  port = options.port;
  if (port != 0) TRY(check_unused({address, port}));
  for (auto& loop : loops) {
    tcp.push_back(TRY(listen_tcp(*loop, {address, port})));
    port = tcp.front().local_endpoint(error).port();
  }
  if (!options.local_path.empty()) {
    local.push_back(TRY(listen_local(*loops.front(), options.local_path)));
  }
  return {};
}

Result<std::unique_ptr<Server>> Server::open(ServerOptions options) {
  auto parts = std::make_unique<Parts>(std::move(options));
  if (parts->options.tls) {
    parts->tls = std::make_unique<TlsIdentity>(*parts->options.tls);
    TRY(parts->tls->load());
  }
  parts->open_loops();
  TRY(parts->open_listeners());
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

// Workers end before the loops, since they hand their answers to them; connections end with their
// loops.
Server::~Server() {
  for (auto& loop : parts_->loops) loop->close_all();
  parts_->workers.stop();
  for (auto& loop : parts_->loops) loop->stop();
  for (auto& thread : parts_->threads) thread.join();
}

std::uint16_t Server::port() const {
  return parts_->port;
}

void Server::start(http::Handler& handler, http::Handler* local) {
  auto acceptor = parts_->tcp.begin();
  for (auto& loop : parts_->loops) {
    loop->add(
        accept_from(*loop, std::move(*acceptor++), {handler, parts_->slots, parts_->tls.get()})
    );
  }
  parts_->tcp.clear();
  assert(parts_->local.empty() || local);
  for (auto& one : parts_->local) {
    Loop& first = *parts_->loops.front();
    first.add(accept_from(first, std::move(one), *local));
  }
  parts_->local.clear();
  for (auto& loop : parts_->loops) parts_->threads.emplace_back([&loop] { loop->run(); });
}

Result<> Server::reload_tls() {
  return parts_->tls ? parts_->tls->load() : Result<>();
}

bool Server::drain(std::chrono::milliseconds deadline) {
  // Shared, since a loop may come through after the deadline.
  auto gate = std::make_shared<Gate>(parts_->loops.size());
  for (auto& loop : parts_->loops) loop->drain([gate] { gate->come_through(); });
  bool empty = gate->wait(deadline);
  if (!empty) {
    for (auto& loop : parts_->loops) loop->close_all();
  }
  return empty;
}

Counters Server::counters() const {
  Counters sum;
  for (auto const& loop : parts_->loops) loop->state().counters.add_to(sum);
  return sum;
}

}  // namespace keystead::net
