#include "app/running_server.hpp"

#include <condition_variable>
#include <csignal>

#include "app/metrics.hpp"
#include "app/version.hpp"

namespace keystead::app {
namespace {

// How old "last used" may be in the database. Each time the rows of all keys used meanwhile are
// written, so seldom is cheaper.
constexpr std::chrono::seconds kChoresEvery{30};
constexpr std::chrono::hours kReapEvery{1};

net::ServerOptions options_of(
    Installation const& installation, std::optional<ListenAddress> const& listen
) {
  Config const& config = installation.config();
  ListenAddress const& address = listen ? *listen : config.listen.address;
  net::ServerOptions options;
  options.address = address.host;
  options.port = address.port;
  options.local_path = installation.place().admin_socket().string();
  options.io_threads = static_cast<unsigned>(config.limits.io_threads);
  options.worker_threads = static_cast<unsigned>(config.limits.workers);
  options.worker_queue = config.limits.worker_queue;
  options.request.body = config.limits.body.bytes;
  options.request.header_bytes = config.limits.header.bytes;
  options.request.header_count = config.limits.header_count;
  options.deadlines.header = config.limits.deadlines.header;
  options.deadlines.body = config.limits.deadlines.body;
  options.deadlines.idle = config.limits.deadlines.idle;
  options.deadlines.write = config.limits.deadlines.write;
  options.connections.total = config.limits.connections;
  options.connections.per_peer = config.limits.connections_per_address;
  if (config.listen.tls) {
    options.tls =
        net::TlsFiles{config.listen.tls->certificate.string(), config.listen.tls->key.string()};
  }
  return options;
}

std::string url_of(Config const& config, net::ServerOptions const& options, std::uint16_t port) {
  if (config.service.url) return config.service.url->text;
  bool is_v6 = options.address.contains(':');
  std::string host = is_v6 ? "[" + options.address + "]" : options.address;
  return std::string(options.tls ? "https://" : "http://") + host + ":" + std::to_string(port);
}

}  // namespace

RunningServer::RunningServer(
    Installation& installation, std::unique_ptr<net::Server> server, std::string url
)
    : installation_(installation),
      admin_(installation),
      server_(std::move(server)),
      url_(std::move(url)) {}

RunningServer::~RunningServer() {
  chores_.request_stop();
  if (chores_.joinable()) chores_.join();
  server_.reset();
}

Result<std::unique_ptr<RunningServer>> RunningServer::start(
    Installation& installation,
    std::optional<ListenAddress> const& listen,
    log::Output const& log,
    UnsentMail unsent
) {
  auto options = options_of(installation, listen);
  auto server = TRY(net::Server::open(options));
  std::string url = url_of(installation.config(), options, server->port());
  std::unique_ptr<RunningServer> running(new RunningServer(installation, std::move(server), url));
  installation.set_url(url);
  running->fetcher_ = TRY(net::WebFetcher::open({}));
  running->post_office_ = TRY(
      PostOffice::open(installation.config(), unsent, installation.clock(), installation.random())
  );
  running->service_ =
      TRY(Service::build(
          installation,
          {
              .public_url = url,
              .metrics =
                  [&installation, &log, &net = *running->server_] {
                    return render_metrics(net.counters(), installation, log.dropped());
                  },
              .mail = &running->post_office_->queue(),
              .fetcher = running->fetcher_.get(),
          }
      ));
  std::size_t keys = installation.keys().fill_ring();
  running->service_->set_ready(true);
  running->server_->start(running->service_->handler(), &running->admin_);
  running->chores_ =
      std::jthread([&server = *running](std::stop_token const& stop) { server.do_chores(stop); });
  log::info("server.started", {{"url", url}, {"version", kVersion}, {"keys", keys}});
  return running;
}

void RunningServer::do_chores(std::stop_token const& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  auto reap_at = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, kChoresEvery, [] { return false; });
    try {
      service_->note_uses();
      if (auto now = std::chrono::steady_clock::now(); now >= reap_at) {
        installation_.reap();
        reap_at = now + kReapEvery;
      }
    } catch (store::Broken const& broken) {
      log::error("chores.broken", {{"detail", broken.what()}});
    }
  }
}

void RunningServer::serve_until_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int each : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, each);
  for (int received = 0;;) {
    if (sigwait(&signals, &received) != 0 || received != SIGHUP) break;
    auto reloaded = server_->reload_tls();
    if (reloaded)
      log::info("server.reloaded");
    else
      log::error("server.reload_failed", {{"detail", reloaded.error().public_text}});
  }
  service_->set_ready(false);
  log::info("server.draining");
  bool is_empty = server_->drain(installation_.config().limits.deadlines.drain);
  log::info("server.stopped", {{"drained", is_empty}});
}

}  // namespace keystead::app
