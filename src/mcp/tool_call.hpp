// tools/call: one tool, if this caller may.
#pragma once

#include "mcp/call.hpp"
#include "mcp/call_hooks.hpp"
#include "mcp/catalog.hpp"

namespace keystead::mcp {

// Appends the members of the result. needs_worker if the tool works on a tenant and this is an io
// thread. Throws what the store throws.
Reply call_tool(
    Catalog const& catalog,
    store::TenantStores& stores,
    CallHooks const& hooks,
    Call const& call,
    std::string& out
);

}  // namespace keystead::mcp
