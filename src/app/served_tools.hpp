// Every tool of a configuration, with the action that it needs.
#pragma once

#include <span>
#include <vector>

#include "api/collection_routes.hpp"
#include "app/config/config.hpp"
#include "authz/action_table.hpp"
#include "mcp/tool.hpp"

namespace keystead::app {

// `collections` and `actions` outlive the toolbox. A Failure is a mistake in the configuration that
// only shows here: an unknown built-in tool, a name that two tools have.
Result<std::vector<api::ServedCollection>> add_tools(
    Config const& config,
    std::span<domain::Collection const> collections,
    Clock const& clock,
    authz::ActionTable& actions,
    mcp::Toolbox& tools
);

// The rules of the configuration onto the actions, which are all there.
Result<void> apply_rules(Config const& config, authz::ActionTable& actions);

// What managing keys and members, asking why something was denied, and passing another gateway
// needs.
struct ManagementActions {
  domain::Action const* read_keys;
  domain::Action const* manage_keys;
  domain::Action const* manage_members;
  domain::Action const* read_denials;
  domain::Action const* pass;
};
Result<ManagementActions> add_management(Config const& config, authz::ActionTable& actions);

}  // namespace keystead::app
