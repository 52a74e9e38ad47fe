// A collection as REST under /api/v1/<collection>.
#pragma once

#include <vector>

#include "api/route.hpp"
#include "data/collection_tools.hpp"
#include "domain/collection.hpp"

namespace keystead::api {

struct ServedCollection {
  domain::Collection const* collection;
  data::CollectionActions actions;
};

// The collection outlives the routes.
void add_collection_routes(std::vector<Route>& routes, ServedCollection const& served);

}  // namespace keystead::api
