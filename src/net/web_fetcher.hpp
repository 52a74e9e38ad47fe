// http::Fetcher over sockets, with the rules that keep a caller from sending us where he may not go
// himself: a name is looked up once, every address of it is judged, and the connection goes to an
// address that was judged. Redirects are not followed, and no proxy is taken from the environment.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "http/fetcher.hpp"
#include "net/fetch_places.hpp"
#include "net/network.hpp"
#include "net/trust.hpp"

namespace keystead::net {

struct FetcherOptions {
  std::string ca_file{};  // PEM, believed in addition to the system's authorities; empty for none
  // Fetches of either reach; more wait for a place. Callers cannot take the places of what the
  // operator configured.
  std::size_t at_once = 8;
};

class WebFetcher final : public http::Fetcher {
 public:
  // Code::invalid_request names a CA file that cannot be used.
  static Result<std::unique_ptr<WebFetcher>> open(
      FetcherOptions const& options,
      std::unique_ptr<Network> network = std::make_unique<SystemNetwork>()
  );
  // Waits for names that are still being looked up, though nobody waits for them any more: the
  // system's resolver cannot be interrupted, but gives up by itself.
  ~WebFetcher() override = default;

  Result<http::FetchAnswer> fetch(http::FetchRequest const& request) override;

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  WebFetcher(Trust trust, std::unique_ptr<Network> network, std::size_t at_once)
      : trust_(std::move(trust)),
        network_(std::move(network)),
        public_places_(at_once),
        configured_places_(at_once) {}

  Result<http::FetchAnswer> ask(http::FetchRequest const& request, Deadline deadline);
  Result<Addresses> find(http::Url const& url, FetchPlaces::Place place, Deadline deadline);

  Trust trust_;
  std::unique_ptr<Network> network_;
  // Before the above end, everybody has left.
  FetchPlaces public_places_;
  FetchPlaces configured_places_;
};

}  // namespace keystead::net
