// JSON-RPC 2.0 as MCP speaks it: what a message is, which errors there are, and how answers are
// written.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace keystead::mcp {

namespace json = boost::json;

enum class RpcCode : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  header_mismatch = -32020,               // as 2026-07-28 defines it
  unsupported_protocol_version = -32022,  // as 2026-07-28 defines it
  // Denials have codes of their own: see api::RpcForm.
};

struct RpcError {
  RpcCode code;
  std::string message;
  int status = 200;    // of the HTTP response; without meaning in a batch
  std::string data{};  // JSON text; empty for none
};

template <class T = void>
using RpcResult = std::expected<T, RpcError>;

// Views into the document that it was read from.
struct Message {
  enum class Kind { request, notification, response };

  Kind kind = Kind::request;
  json::value const* id = nullptr;       // of a request: a string or an integer
  std::string_view method;               // empty for a response
  json::object const* params = nullptr;  // nullptr if there are none

  // A member of params; nullptr if there is none.
  json::value const* param(std::string_view name) const;
};

// Attack 83: an id is a string of at most 1024 bytes or an integer of 64 bits, never null, a
// fraction or an object. Members that the envelope does not know are tolerated.
RpcResult<Message> read_message(json::value const& document);

// The id that an error about `document` carries: null if it has none that may be echoed.
json::value const& readable_id(json::value const& document);

// {"jsonrpc":"2.0","id":…,"result": - the caller appends the result and one brace.
void append_result_head(std::string& out, json::value const& id);
void append_error(std::string& out, json::value const& id, RpcError const& error);
// For a refusal that is about the HTTP request rather than a message in it.
void append_error_without_id(std::string& out, RpcError const& error);

// `text` as a message may quote it: at most 128 bytes and an ellipsis. REQUIRES: valid UTF-8.
std::string shortened(std::string_view text);

}  // namespace keystead::mcp
