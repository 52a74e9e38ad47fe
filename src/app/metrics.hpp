// What /metrics shows, in the Prometheus text format.
#pragma once

#include <chrono>
#include <string>

#include "app/installation.hpp"
#include "net/counters.hpp"

namespace keystead::app {

// `counters` and the installation are read at the moment of the call. Safe from any thread.
std::string render_metrics(
    net::Counters const& counters,
    Installation const& installation,
    std::uint64_t log_events_dropped
);

}  // namespace keystead::app
