// The REST interface as an OpenAPI 3.1 document, made from the route table.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "api/refusal_samples.hpp"
#include "api/route.hpp"

namespace keystead::api {

struct OpenApiInfo {
  std::string title;
  std::string version;
  std::string description;                      // may be empty
  std::string url;                              // the public address, without a slash at its end
  std::vector<std::string> credential_headers;  // as authn::CredentialHeaders has them
};

// Every route under /api/v1. Security follows from the type of the handler; the scope that an
// operation needs stands under x-keystead-scope. HEAD, which every GET answers, is not listed.
json::object openapi(
    std::vector<Route> const& routes,
    OpenApiInfo const& info,
    std::span<RefusalSample const> refusals
);

// X-API-Key for x-api-key: as people write it.
std::string written_header(std::string_view name);

}  // namespace keystead::api
