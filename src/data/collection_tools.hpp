// The tools of a collection: <collection>_list, _get, _create, _update and _delete.
#pragma once

#include "domain/action.hpp"
#include "domain/collection.hpp"
#include "mcp/tool.hpp"

namespace keystead::data {

// One action for each thing that can be done with a collection; its tool and its route share it.
struct CollectionActions {
  domain::Action const* list;
  domain::Action const* get;
  domain::Action const* create;
  domain::Action const* update;
  domain::Action const* remove;
};

// `collection` and the actions outlive the toolbox. Fails as Toolbox::add does.
Result<void> add_collection_tools(
    mcp::Toolbox& tools, domain::Collection const& collection, CollectionActions const& actions
);

}  // namespace keystead::data
