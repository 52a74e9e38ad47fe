// The certificate a server shows, and how it speaks TLS. It can be replaced while connections are
// served: those that are open keep the one they began with.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "base/result.hpp"
#include "net/options.hpp"

namespace keystead::net {

struct TlsContext;  // in net/asio_tls.hpp

class TlsIdentity {
 public:
  explicit TlsIdentity(TlsFiles files) : files_(std::move(files)) {}

  // Reads the files. If they cannot be used, what was there before stays.
  Result<> load();

  // For a new connection. From any thread.
  std::shared_ptr<TlsContext> context() const;

 private:
  TlsFiles files_;
  mutable std::mutex mutex_;
  std::shared_ptr<TlsContext> context_;
};

}  // namespace keystead::net
