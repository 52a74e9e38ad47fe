#include "api/oauth_discovery_routes.hpp"

#include <memory>

#include "api/issuer_routes.hpp"

namespace keystead::api {
namespace {

using Describe = std::string (*)(oauth::ServerMetadata const&);

void answer(http::Response& response, std::string const& document) {
  response.content_type = "application/json";
  response.add("Cache-Control", "public, max-age=300");
  response.body = document;
}

void add_document(
    std::vector<Route>& routes, std::vector<std::string> const& paths, std::string text
) {
  auto shared = std::make_shared<std::string const>(std::move(text));
  for (auto const& path : paths) {
    Route route{http::Method::get, path, ForAnyone([shared](auto const&, auto& response) {
                  answer(response, *shared);
                })};
    route.open_to_origins = true;
    routes.push_back(std::move(route));
  }
}

void add_tenant_document(
    std::vector<Route>& routes,
    std::vector<std::string> const& paths,
    domain::Issuers const& issuers,
    oauth::ServerMetadata const& root,
    Describe describe
) {
  auto serve = [root, describe](
                   domain::Issuer const& issuer, RouteCall const&, http::Response& response
               ) -> Result<void> {
    auto server = root;
    server.issuer = issuer.url;
    answer(response, describe(server));
    return {};
  };
  for (auto const& path : paths) {
    Route route{http::Method::get, path, for_visitor(serve_for_tenant(issuers, serve))};
    route.open_to_origins = true;
    routes.push_back(std::move(route));
  }
}

}  // namespace

void add_discovery_routes(
    std::vector<Route>& routes, domain::Issuers const& issuers, oauth::ServerMetadata const& server
) {
  using namespace oauth;
  add_document(
      routes, authorization_server_paths(server.issuer), authorization_server_metadata(server)
  );
  add_document(routes, openid_configuration_paths(server.issuer), openid_configuration(server));
  if (!issuers.has_those_of_tenants()) return;
  auto add_of_tenants = [&](std::vector<std::string> const& paths, Describe describe) {
    add_tenant_document(routes, paths, issuers, server, describe);
  };
  add_of_tenants(
      authorization_server_paths(server.issuer, kTenantPattern), authorization_server_metadata
  );
  add_of_tenants(openid_configuration_paths(server.issuer, kTenantPattern), openid_configuration);
}

}  // namespace keystead::api
