// The tools of a collection: those that it declares, or the five <collection>_list, _get, _create,
// _update and _delete.
#pragma once

#include "domain/action.hpp"
#include "domain/collection.hpp"
#include "mcp/tool.hpp"

namespace keystead::data {

// One action for each thing that can be done with a collection. Its route has it, and its tool too
// if it is one of the five.
struct CollectionActions {
  domain::Action const* list;
  domain::Action const* get;
  domain::Action const* create;
  domain::Action const* update;
  domain::Action const* remove;
};

// The five. `collection` and the actions outlive the toolbox. Fails as Toolbox::add does.
Result<void> add_collection_tools(
    mcp::Toolbox& tools, domain::Collection const& collection, CollectionActions const& actions
);

// One that the collection declares, with an action that nothing else has. The same holds.
Result<void> add_collection_tool(
    mcp::Toolbox& tools,
    domain::Collection const& collection,
    domain::CollectionTool const& tool,
    domain::Action const* action
);

// What a tool does to rows, for its action. A proposal reads.
domain::Effect effect_of(domain::CollectionTool const& tool);
// The scope that it needs: its own, or the collection's for reading or writing.
std::string const& scope_of(
    domain::Collection const& collection, domain::CollectionTool const& tool
);

}  // namespace keystead::data
