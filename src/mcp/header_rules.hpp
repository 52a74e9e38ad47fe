// Headers that mirror the body (2026-07-28, "Request Metadata"): what a device in front of us
// routed or limited by must be what we execute. We act on the body alone; a header that says
// something else refuses the request (attack 89).
#pragma once

#include <span>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "http/request.hpp"
#include "mcp/json_rpc.hpp"
#include "mcp/request_headers.hpp"

namespace keystead::mcp {

// MCP-Protocol-Version, Mcp-Method and Mcp-Name of a modern message. What a request must carry, a
// notification need not; what either carries must match.
RpcResult<> check_standard_headers(RequestHeaders const& headers, Message const& message);

// An argument that a tool's schema asks clients to repeat in a header, by x-mcp-header.
struct MirroredArgument {
  std::string header;             // Mcp-Param-Region
  std::vector<std::string> path;  // the names of `properties` that lead to it
};

// Only annotations that the specification allows count: a token, on a string, an integer or a
// boolean, under `properties` alone.
std::vector<MirroredArgument> find_mirrored_arguments(json::object const& input_schema);

RpcResult<> check_mirrored_arguments(
    std::span<MirroredArgument const> mirrored,
    http::Request const& request,
    json::object const& arguments
);

}  // namespace keystead::mcp
