// A server on a free port for tests, with a handler whose answers the path asks for.
#pragma once

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "net/server.hpp"

namespace keystead::net::testing {

// /work answers from a worker, /hold from a worker once release() was called, /big?N with N bytes,
// /none with 204, /last with the end of the connection; everything else in place. The body says
// where it was answered and what was asked.
class PathHandler final : public http::Handler {
 public:
  http::Outcome handle(
      http::Request const& request, http::Response& response, http::Where where
  ) override {
    bool slow = request.path.starts_with("/work") || request.path == "/hold";
    if (slow && where == http::Where::io_thread) return http::Outcome::needs_worker;
    ++calls;
    if (request.path == "/hold") {
      ++held;
      released_.wait(false);
    }
    response.content_type = "text/plain";
    response.body = where == http::Where::worker ? "worker " : "inline ";
    response.body += std::string(request.peer) + " " + std::string(request.path) + " ";
    response.body += request.body;
    if (request.secure) response.add("X-Secure", "yes");
    if (request.path == "/big") response.body.assign(std::stoul(std::string(request.query)), 'x');
    if (request.path == "/none") response.status = 204;
    response.close = request.path == "/last";
    return http::Outcome::answered;
  }

  void release() {
    released_ = true;
    released_.notify_all();
  }

  std::atomic<int> calls{0};
  std::atomic<int> held{0};

 private:
  std::atomic<bool> released_ = false;
};

struct Served {
  explicit Served(ServerOptions options = {}) {
    if (options.io_threads == 0) options.io_threads = 2;
    options.deadlines.tick = std::chrono::milliseconds(10);
    options.deadlines.linger = std::chrono::milliseconds(200);
    auto opened = Server::open(std::move(options));
    if (!opened) throw std::runtime_error(opened.error().public_text);
    server = std::move(*opened);
    server->start(handler, &handler);
  }

  ~Served() { handler.release(); }

  std::uint16_t port() const { return server->port(); }

  // Waits until `holds` does, for at most five seconds.
  template <class Condition>
  bool eventually(Condition holds) const {
    for (int i = 0; i < 1000; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return holds();
  }
  bool eventually_empty() const {
    return eventually([&] { return server->counters().connections_open == 0; });
  }

  PathHandler handler;
  std::unique_ptr<Server> server;
};

}  // namespace keystead::net::testing
