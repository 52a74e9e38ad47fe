// THE table: every route of the installation.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "api/auth_routes.hpp"
#include "api/authorization_routes.hpp"
#include "api/collection_routes.hpp"
#include "api/denial_routes.hpp"
#include "api/key_routes.hpp"
#include "api/leak_reports.hpp"
#include "api/link_routes.hpp"
#include "api/member_routes.hpp"
#include "api/oidc_routes.hpp"
#include "api/pages.hpp"
#include "api/refusals.hpp"
#include "api/resource_metadata.hpp"
#include "api/route.hpp"
#include "api/sign_in_routes.hpp"
#include "api/token_routes.hpp"
#include "api/verify.hpp"
#include "api/webhooks.hpp"
#include "mcp/endpoint.hpp"

namespace keystead::api {

struct RouteParts {
  std::string version;
  mcp::Endpoint const& mcp;            // outlives the routes
  std::vector<std::string> mcp_paths;  // /mcp
  bool mcp_open = false;               // whether introductions need no credential
  // Whether there is an MCP endpoint below each tenant's address, too.
  bool tenants_have_addresses = false;
  Refusals const& refusals;            // outlives the routes
  domain::ScopeCatalog const& scopes;  // outlives the routes
  std::span<ServedCollection const> collections;
  KeyParts keys;
  DenialParts denials;
  PageParts documents;  // of what is served here
  AuthParts auth;
  SignIn const* sign_in = nullptr;  // null: nobody signs in here. Outlives the routes
  SignInPages sign_in_pages = {};
  std::optional<OidcParts> oidc = {};       // none: there are no providers
  Links const* links = nullptr;             // null: none are sent. Outlives the routes
  std::optional<MemberParts> members = {};  // none: they are not managed here
  LeakReports const* leaks = nullptr;       // null: there is no such route. Outlives the routes
  Webhooks const* webhooks = nullptr;       // the same
  Verifier const* verifier = nullptr;       // the same
  std::optional<ResourceMetadata> resource = std::nullopt;  // none: there is no such document
  std::optional<AuthorizationParts> authorization = std::nullopt;  // none: API keys only
  std::optional<TokenParts> tokens = std::nullopt;                 // the same
  std::function<bool()> is_ready;        // false while starting or draining
  std::function<std::string()> metrics;  // Prometheus text
  bool metrics_public = false;           // else they are for callers on this machine only
};

std::vector<Route> make_routes(RouteParts const& parts);

}  // namespace keystead::api
