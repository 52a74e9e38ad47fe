// Asks the running server to do an administration command: one HTTP/1.1 request over the Unix
// socket DATA/admin.sock. Blocks.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/result.hpp"

namespace keystead::app {

struct AdminAnswer {
  int status;  // HTTP
  boost::json::value body;
};

struct AdminLimits {
  std::chrono::milliseconds deadline{30'000};  // for all of it
  std::size_t response_max = 64U << 20;
};

// Sends {"command":…,"arguments":…}. Nothing if no server listens there (no such socket, or one
// that a dead server left behind). Code::unavailable if there is a server that does not answer as
// it should; then it is not known whether the command was done.
Result<std::optional<AdminAnswer>> ask_server(
    std::filesystem::path const& socket,
    std::string_view command,
    boost::json::object const& arguments,
    AdminLimits const& limits = {}
);

}  // namespace keystead::app
