// The metadata of a protected resource (RFC 9728): what a client that was answered 401 reads next.
#pragma once

#include <string>
#include <vector>

#include "api/route.hpp"

namespace keystead::api {

struct ResourceMetadata {
  std::string url;                 // of the service: https://ops.example.com
  std::string name;                // for people
  std::vector<std::string> paths;  // of the MCP endpoint, the first one first
  std::vector<std::string> scopes;
  // Whose tokens it takes, by its issuer; empty: nobody's, only keys.
  std::string authorization_server;
};

// Where the document of the first path is (RFC 9728 §3.1).
std::string resource_metadata_url(ResourceMetadata const& resource);

// The document of each path, and that of the first at the root. Browsers of any origin may read
// them.
void add_resource_routes(std::vector<Route>& routes, ResourceMetadata const& resource);

}  // namespace keystead::api
