#include "app/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "app/version.hpp"

namespace keystead::app {
namespace {

prometheus::MetricFamily family(
    std::string name, std::string help, prometheus::MetricType type, double value
) {
  prometheus::ClientMetric metric;
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  return {std::move(name), std::move(help), type, {metric}};
}

}  // namespace

std::string render_metrics(
    net::Counters const& counters,
    Installation const& installation,
    std::uint64_t log_events_dropped
) {
  std::vector<prometheus::MetricFamily> families;
  auto count = [&](char const* name, char const* help, std::uint64_t value) {
    families.push_back(
        family(name, help, prometheus::MetricType::Counter, static_cast<double>(value))
    );
  };
  auto gauge = [&](char const* name, char const* help, std::size_t value) {
    families.push_back(
        family(name, help, prometheus::MetricType::Gauge, static_cast<double>(value))
    );
  };
  count("keystead_connections_total", "Connections accepted.", counters.connections_accepted);
  count(
      "keystead_connections_refused_total",
      "Connections over a limit.",
      counters.connections_refused
  );
  count("keystead_requests_total", "Requests answered.", counters.requests);
  count(
      "keystead_framing_refusals_total",
      "Requests refused for their framing.",
      counters.framing_refusals
  );
  count(
      "keystead_worker_refusals_total",
      "Requests refused because the worker queue was full.",
      counters.worker_refusals
  );
  count("keystead_timeouts_total", "Connections closed at a deadline.", counters.timeouts);
  count("keystead_tls_failures_total", "TLS handshakes that failed.", counters.tls_failures);
  count("keystead_received_bytes_total", "Bytes received.", counters.bytes_in);
  count("keystead_sent_bytes_total", "Bytes sent.", counters.bytes_out);
  count(
      "keystead_log_events_dropped_total",
      "Log events lost because the log could not keep up.",
      log_events_dropped
  );
  gauge("keystead_connections_open", "Connections open now.", counters.connections_open);
  gauge("keystead_ring_keys", "Keys in memory.", installation.ring().size());
  gauge("keystead_ring_bytes", "Memory held for them.", installation.ring().memory_bytes());

  auto build =
      family("keystead_build_info", "The running version.", prometheus::MetricType::Gauge, 1);
  build.metric[0].label = {{"version", std::string(kVersion)}};
  families.push_back(std::move(build));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace keystead::app
