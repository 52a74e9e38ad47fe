#include "api/resource_metadata.hpp"

#include "api/issuer_routes.hpp"
#include "codec/json.hpp"
#include "oauth/metadata.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

std::string document_of(
    ResourceMetadata const& metadata, domain::Issuer const& issuer, std::size_t index
) {
  json::object document{
      {"resource", issuer.resources[index]},
      {"resource_name", metadata.name},
      {"bearer_methods_supported", json::array{"header"}},
      {"scopes_supported", json::array(metadata.scopes.begin(), metadata.scopes.end())},
      {"resource_documentation", metadata.issuers.root().url + "/llms.txt"},
  };
  if (metadata.takes_tokens) document["authorization_servers"] = json::array{issuer.url};
  auto const& algorithms = metadata.dpop_algorithms;
  if (!algorithms.empty()) {
    document["dpop_signing_alg_values_supported"] =
        json::array(algorithms.begin(), algorithms.end());
  }
  if (metadata.is_dpop_required) document["dpop_bound_access_tokens_required"] = true;
  return codec::to_text(document);
}

void answer(http::Response& response, std::string const& document) {
  response.content_type = "application/json";
  response.body = document;
}

ForAnyone of_root(ResourceMetadata const& metadata, std::size_t index) {
  return
      [text = document_of(metadata, metadata.issuers.root(), index)](auto const&, auto& response) {
        answer(response, text);
      };
}

ForVisitor of_tenants(ResourceMetadata const& metadata, std::size_t index) {
  auto serve = [metadata, index](
                   domain::Issuer const& issuer, RouteCall const&, http::Response& response
               ) -> Result<void> {
    answer(response, document_of(metadata, issuer, index));
    return {};
  };
  return for_visitor(serve_for_tenant(metadata.issuers, serve));
}

}  // namespace

void add_resource_routes(std::vector<Route>& routes, ResourceMetadata const& metadata) {
  auto add = [&](std::string const& place, auto handler) {
    Route route{http::Method::get, place, std::move(handler)};
    route.open_to_origins = true;
    routes.push_back(std::move(route));
  };
  auto const& url = metadata.issuers.root().url;
  add(oauth::protected_resource_paths(url, {}).front(), of_root(metadata, 0));
  for (std::size_t i = 0; i < metadata.paths.size(); ++i) {
    auto const& path = metadata.paths[i];
    for (auto const& place : oauth::protected_resource_paths(url, path)) {
      add(place, of_root(metadata, i));
    }
    if (!metadata.issuers.has_those_of_tenants()) continue;
    auto below = std::string(kTenantPattern) + path;
    for (auto const& place : oauth::protected_resource_paths(url, below)) {
      add(place, of_tenants(metadata, i));
    }
  }
}

}  // namespace keystead::api
