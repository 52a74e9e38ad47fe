// The way out: names and routes. It is an interface so that tests can put an internet of their own
// in its place.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/asio.hpp"

namespace keystead::net {

using Addresses = std::vector<asio::ip::address>;

class Network {
 public:
  virtual ~Network() = default;

  // Every address of the name, in the order in which they should be tried. Waits as long as it
  // likes. From many threads at once.
  virtual Result<Addresses> resolve(std::string const& name) = 0;

  // Where a connection to `checked` goes to. Nothing is looked up again.
  virtual asio::ip::tcp::endpoint route(asio::ip::tcp::endpoint const& checked) { return checked; }
};

// The system's resolver: /etc/hosts, /etc/resolv.conf and what else nsswitch.conf names.
class SystemNetwork final : public Network {
 public:
  Result<Addresses> resolve(std::string const& name) override;
};

}  // namespace keystead::net
