// The server: loops, listeners and workers. It knows http::Handler and nothing of the business. No
// Asio in this header.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "base/result.hpp"
#include "http/handler.hpp"
#include "net/counters.hpp"
#include "net/options.hpp"

namespace keystead::net {

class Server {
 public:
  // Binds and reads the certificate, so that what cannot work fails here, with a public text for
  // the operator. Nothing is accepted before start(), but from now on clients wait in the kernel's
  // queue instead of being refused.
  static Result<std::unique_ptr<Server>> open(ServerOptions options);

  // Closes whatever is still open. drain() before, for a polite end.
  ~Server();

  std::uint16_t port() const;

  // Once. The handlers outlive the server; `local` serves the Unix socket and is needed only with
  // one.
  void start(http::Handler& handler, http::Handler* local = nullptr);

  // Reads the certificate again, for connections from now on. If the files cannot be used the old
  // one stays. From any thread.
  Result<> reload_tls();

  // Stops accepting, closes idle connections, and lets requests under way finish: their answers say
  // Connection: close. True when all are gone, false at the deadline; what is left is closed then.
  // Once, from any thread but the server's own.
  bool drain(std::chrono::milliseconds deadline);

  // From any thread.
  Counters counters() const;

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace keystead::net
