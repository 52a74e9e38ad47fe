#include "api/resource_metadata.hpp"

#include "codec/json.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kWellKnown = "/.well-known/oauth-protected-resource";

ForAnyone document_of(ResourceMetadata const& resource, std::string const& path) {
  std::string text = codec::to_text({
      {"resource", resource.url + path},
      {"resource_name", resource.name},
      {"bearer_methods_supported", json::array{"header"}},
      {"scopes_supported", json::array(resource.scopes.begin(), resource.scopes.end())},
      {"resource_documentation", resource.url + "/llms.txt"},
  });
  return [text](auto const&, auto& response) {
    response.content_type = "application/json";
    response.body = text;
  };
}

}  // namespace

std::string resource_metadata_url(ResourceMetadata const& resource) {
  return resource.url + std::string(kWellKnown) + resource.paths.front();
}

void add_resource_routes(std::vector<Route>& routes, ResourceMetadata const& resource) {
  std::string root(kWellKnown);
  routes.push_back({http::Method::get, root, document_of(resource, resource.paths.front())});
  for (auto const& path : resource.paths) {
    routes.push_back({http::Method::get, root + path, document_of(resource, path)});
  }
}

}  // namespace keystead::api
