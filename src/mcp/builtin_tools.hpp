// The tools that every installation can switch on by name under `tools:` in its configuration. To
// add one, write its function and a row of the table in builtin_tools.cpp.
#pragma once

#include <span>
#include <string>

#include "authz/action_table.hpp"
#include "base/clock.hpp"
#include "domain/scope.hpp"
#include "mcp/tool.hpp"

namespace keystead::mcp {

// What a built-in tool may use besides the caller's Permit. All outlive the toolbox.
struct ToolSurroundings {
  domain::ScopeCatalog const& scopes;
  Clock const& clock;
};

// Adds the named tools, each with an action that any principal of a tenant may do.
// Code::invalid_request names one that does not exist, with those that do.
Result<void> add_builtin_tools(
    Toolbox& tools,
    authz::ActionTable& actions,
    std::span<std::string const> names,
    ToolSurroundings const& surroundings
);

}  // namespace keystead::mcp
