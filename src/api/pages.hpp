// The documentation that an installation serves of itself: /llms.txt and the pages that it lists,
// made once from what is configured, so that they say what is so.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/problem.hpp"
#include "api/route.hpp"
#include "authz/rate_limit.hpp"
#include "domain/key_kind.hpp"
#include "mcp/tool.hpp"

namespace keystead::api {

struct LimitParts {
  std::optional<authz::RateLimit> key = {};
  std::optional<authz::RateLimit> tenant = {};
  std::vector<std::pair<std::string, authz::RateLimit>> tools = {};  // by pattern
  std::optional<authz::RateLimit> address = {};                      // of failed authentications
};

struct PageParts {
  std::string title;
  std::string instructions;  // may be empty
  std::string version;
  std::string url;     // the public address
  std::string tenant;  // the noun: workspace
  std::string mcp_path = "/mcp";
  std::vector<std::string> credential_headers;  // as authn::CredentialHeaders has them
  std::string keys_path;
  std::vector<std::string> default_scopes;  // of a key that is made without any
  bool scopeless_is_full = false;           // see KeysConfig
  std::optional<std::size_t> keys_max;      // active ones of a tenant
  LimitParts limits;
  // All outlive the parts.
  domain::KeyKinds const& kinds;
  domain::ScopeCatalog const& scopes;
  mcp::Toolbox const& tools;
  Problems const& problems;
};

struct Page {
  std::string path;     // /docs/errors.md
  std::string title;    // Errors
  std::string summary;  // one line, for the list of pages
  std::string text;     // Markdown
};

// Each page of its own, without a tenant's id and without a secret.
Page authentication_page(PageParts const& parts);
Page errors_page(PageParts const& parts);
Page tools_page(PageParts const& parts);
Page rest_page(PageParts const& parts, std::vector<Route> const& routes);
Page keys_page(PageParts const& parts, std::vector<Route> const& routes);

// All of them, /llms.txt first.
std::vector<Page> make_pages(PageParts const& parts, std::vector<Route> const& routes);

}  // namespace keystead::api
