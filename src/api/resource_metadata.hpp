// The metadata of a protected resource (RFC 9728): what a client that was answered 401 reads next.
#pragma once

#include <string>
#include <vector>

#include "api/route.hpp"
#include "domain/issuer.hpp"

namespace keystead::api {

struct ResourceMetadata {
  domain::Issuers const& issuers;  // outlive the routes; their resources are those of `paths`
  std::string name;                // for people
  std::vector<std::string> paths;  // of the MCP endpoint, the first one first
  std::vector<std::string> scopes;
  bool takes_tokens = false;  // of the issuer whose resource it is; else only keys
  std::vector<std::string> dpop_algorithms = {};  // RFC 9449; empty: it takes no bound tokens
  bool is_dpop_required = false;                  // whether it takes no others of that issuer
};

// The document of each path, and that of the first at the root; the same below every tenant's
// address where tenants have issuers of their own. Browsers of any origin may read them.
void add_resource_routes(std::vector<Route>& routes, ResourceMetadata const& resource);

}  // namespace keystead::api
