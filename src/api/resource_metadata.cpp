#include "api/resource_metadata.hpp"

#include "codec/json.hpp"
#include "oauth/metadata.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kWellKnown = "/.well-known/oauth-protected-resource";

ForAnyone document_of(ResourceMetadata const& resource, std::string const& path) {
  json::object document{
      {"resource", resource.url + path},
      {"resource_name", resource.name},
      {"bearer_methods_supported", json::array{"header"}},
      {"scopes_supported", json::array(resource.scopes.begin(), resource.scopes.end())},
      {"resource_documentation", resource.url + "/llms.txt"},
  };
  if (!resource.authorization_server.empty()) {
    document["authorization_servers"] = json::array{resource.authorization_server};
  }
  return [text = codec::to_text(document)](auto const&, auto& response) {
    response.content_type = "application/json";
    response.body = text;
  };
}

}  // namespace

std::string resource_metadata_url(ResourceMetadata const& resource) {
  auto path = oauth::protected_resource_paths(resource.url, resource.paths.front()).back();
  return resource.url.substr(0, resource.url.find('/', resource.url.find("://") + 3)) + path;
}

void add_resource_routes(std::vector<Route>& routes, ResourceMetadata const& resource) {
  auto add = [&](std::string const& place, std::string const& path) {
    Route route{http::Method::get, place, document_of(resource, path)};
    route.open_to_origins = true;
    routes.push_back(std::move(route));
  };
  add(std::string(kWellKnown), resource.paths.front());
  for (auto const& path : resource.paths) {
    for (auto const& place : oauth::protected_resource_paths(resource.url, path)) add(place, path);
  }
}

}  // namespace keystead::api
