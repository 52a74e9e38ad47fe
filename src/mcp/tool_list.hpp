// tools/list: what this caller may call, in pages.
#pragma once

#include "mcp/call.hpp"
#include "mcp/catalog.hpp"

namespace keystead::mcp {

// Appends the members of the result. A tool is listed exactly if tools/call would be permitted:
// both ask authz::Authorizer (attack 82).
Reply list_tools(Catalog const& catalog, std::size_t page_size, Call const& call, std::string& out);

}  // namespace keystead::mcp
