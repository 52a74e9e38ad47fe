// An installation being served: the listener, the admin socket, and the chores that go on beside
// the requests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/admin_endpoint.hpp"
#include "app/installation.hpp"
#include "app/log.hpp"
#include "app/post_office.hpp"
#include "app/service.hpp"
#include "net/server.hpp"
#include "net/web_fetcher.hpp"

namespace keystead::app {

class RunningServer {
 public:
  // Binds, fills the ring and serves. `installation` and `log` outlive it. `listen` comes before
  // the configuration's address. The Failure is one line for the operator.
  static Result<std::unique_ptr<RunningServer>> start(
      Installation& installation,
      std::optional<ListenAddress> const& listen,
      log::Output const& log,
      UnsentMail unsent = UnsentMail::not_taken
  );
  ~RunningServer();

  // http://127.0.0.1:8080, or what the configuration says.
  std::string const& url() const { return url_; }
  // The front door, for calls from inside the process.
  http::Handler& handler() { return service_->handler(); }

  // Serves until SIGTERM or SIGINT, then drains; SIGHUP reads the certificate again. REQUIRES:
  // these signals are blocked in every thread.
  void serve_until_signal();

 private:
  RunningServer(Installation& installation, std::unique_ptr<net::Server> server, std::string url);
  void do_chores(std::stop_token const& stop);

  Installation& installation_;
  AdminEndpoint admin_;
  std::unique_ptr<net::Server> server_;
  std::string url_;
  std::unique_ptr<net::WebFetcher> fetcher_;
  std::unique_ptr<PostOffice> post_office_;
  std::unique_ptr<Service> service_;
  std::jthread chores_;
};

}  // namespace keystead::app
