// The acts of administration, whoever asks for them: a command on this machine, or the running
// server's admin socket.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "app/installation.hpp"
#include "base/result.hpp"

namespace keystead::app {

// Runs one act, such as "key.create" with {"tenant":…,"name":…}, and gives what --json prints.
// Everything it acknowledges is durable. Code::not_found for a tenant or key that does not exist,
// Code::invalid_request for wrong arguments.
Result<json::value> administer(
    Installation& installation, std::string_view act, json::object const& arguments
);

}  // namespace keystead::app
