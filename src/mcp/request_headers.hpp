// The headers of an HTTP request that the MCP endpoint reads, found in one pass.
#pragma once

#include <optional>
#include <string_view>

#include "http/request.hpp"

namespace keystead::mcp {

struct RequestHeaders {
  std::optional<std::string_view> content_type;
  std::optional<std::string_view> version;  // MCP-Protocol-Version
  std::optional<std::string_view> method;   // Mcp-Method
  std::optional<std::string_view> name;     // Mcp-Name
  // One of the three above came twice: two readers of the request could take different ones.
  bool repeated = false;
  // There is no Accept, or a range of it takes application/json.
  bool accepts_json = true;

  explicit RequestHeaders(http::Request const& request);

  // Content-Type is application/json, with or without parameters.
  bool has_json_body() const;
};

}  // namespace keystead::mcp
