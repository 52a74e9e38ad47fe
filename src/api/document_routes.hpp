// /llms.txt, the pages that it lists and /api/v1/openapi.json: for anyone, made once, answered in
// memory.
#pragma once

#include <vector>

#include "api/pages.hpp"
#include "api/route.hpp"

namespace keystead::api {

// The documents are about the routes that are there already, and about these. REQUIRES: called
// last.
void add_document_routes(std::vector<Route>& routes, PageParts parts);

}  // namespace keystead::api
