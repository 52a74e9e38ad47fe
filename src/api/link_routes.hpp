// Where the links in mails lead, and where one is asked for: pages under /invitation and /reset,
// and the same for programs that have pages of their own under /api/v1/auth. Looking at a page uses
// no link up: programs open links in mails ahead of their readers.
#pragma once

#include <vector>

#include "api/links.hpp"
#include "api/route.hpp"

namespace keystead::api {

// `links` outlives the routes.
void add_link_pages(std::vector<Route>& routes, Links const& links);
void add_link_routes(std::vector<Route>& routes, Links const& links);

}  // namespace keystead::api
