// The certificate a server shows, and how it speaks TLS. It can be replaced while connections are
// served: those that are open keep the one they began with.
#pragma once

#include <memory>
#include <mutex>

#include "base/result.hpp"
#include "net/options.hpp"

namespace boost::asio::ssl {
class context;
}

namespace keystead::net {

class TlsIdentity {
 public:
  using Context = boost::asio::ssl::context;

  explicit TlsIdentity(TlsFiles files) : files_(std::move(files)) {}

  // Reads the files. If they cannot be used, what was there before stays.
  Result<> load();

  // For a new connection. From any thread.
  std::shared_ptr<Context> context() const;

 private:
  TlsFiles files_;
  mutable std::mutex mutex_;
  std::shared_ptr<Context> context_;
};

}  // namespace keystead::net
