// One request on its way to a method, and what can come back.
#pragma once

#include <expected>
#include <variant>

#include "domain/permit.hpp"
#include "http/handler.hpp"
#include "mcp/era.hpp"
#include "mcp/json_rpc.hpp"

namespace keystead::mcp {

struct Call {
  domain::Principal const& principal;
  http::Request const& request;
  http::Response& response;  // for header fields; the body is written by who calls
  http::Where where;
  Revision revision;
  Message const& message;
};

// A refusal is a JSON-RPC error, or the caller's lack of a scope, which is HTTP's to say.
using Refusal = std::variant<RpcError, domain::Denial>;
using Reply = std::expected<http::Outcome, Refusal>;

inline std::unexpected<Refusal> refuse(RpcError error) {
  return std::unexpected<Refusal>(std::move(error));
}

inline std::unexpected<Refusal> invalid_params(std::string message) {
  return refuse({RpcCode::invalid_params, std::move(message)});
}

}  // namespace keystead::mcp
