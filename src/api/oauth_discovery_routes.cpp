#include "api/oauth_discovery_routes.hpp"

#include <memory>

namespace keystead::api {
namespace {

void add_document(
    std::vector<Route>& routes, std::vector<std::string> const& paths, std::string text
) {
  auto shared = std::make_shared<std::string const>(std::move(text));
  for (auto const& path : paths) {
    Route route{http::Method::get, path, ForAnyone([shared](auto const&, auto& response) {
                  response.content_type = "application/json";
                  response.add("Cache-Control", "public, max-age=300");
                  response.body = *shared;
                })};
    route.open_to_origins = true;
    routes.push_back(std::move(route));
  }
}

}  // namespace

void add_discovery_routes(std::vector<Route>& routes, oauth::ServerMetadata const& server) {
  add_document(
      routes,
      oauth::authorization_server_paths(server.issuer),
      oauth::authorization_server_metadata(server)
  );
  add_document(
      routes, oauth::openid_configuration_paths(server.issuer), oauth::openid_configuration(server)
  );
}

}  // namespace keystead::api
