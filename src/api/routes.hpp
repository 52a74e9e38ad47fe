// THE table: every route of the installation.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "api/route.hpp"
#include "data/collection_tools.hpp"
#include "domain/collection.hpp"
#include "mcp/endpoint.hpp"

namespace keystead::api {

struct ServedCollection {
  domain::Collection const* collection;
  data::CollectionActions actions;
};

struct RouteParts {
  std::string version;
  mcp::Endpoint const& mcp;            // outlives the routes
  domain::ScopeCatalog const& scopes;  // outlives the routes
  std::span<ServedCollection const> collections;
  std::function<bool()> is_ready;        // false while starting or draining
  std::function<std::string()> metrics;  // Prometheus text
  bool metrics_public = false;           // else they are for callers on this machine only
};

std::vector<Route> make_routes(RouteParts const& parts);

}  // namespace keystead::api
