// Routes as the pages list them.
#pragma once

#include <string>
#include <vector>

#include "api/pages.hpp"
#include "api/route.hpp"

namespace keystead::api {

// The routes under /api/v1 that anybody may be allowed to call: those of keys, which have a page of
// their own, or all others.
std::vector<Route const*> shown_routes(
    std::vector<Route> const& routes, PageParts const& parts, bool of_keys
);

// What each does and needs, as a table in Markdown.
std::string route_table(std::vector<Route const*> const& routes);

}  // namespace keystead::api
