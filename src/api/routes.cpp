#include "api/routes.hpp"

#include "api/whoami.hpp"
#include "codec/json.hpp"
#include "data/collection_rest.hpp"

namespace keystead::api {
namespace {

void answer_text(http::Response& response, int status, std::string_view text) {
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = text;
}

bool is_loopback(std::string_view peer) {
  return peer.starts_with("127.") || peer == "::1" || peer == "local";
}

using RestFunction = Result<void> (*)(
    domain::Permit const&, store::TenantStore&, data::RestCall const&, http::Response&
);

ForTenant on_rows(
    domain::Action const* action, domain::Collection const& collection, RestFunction function
) {
  return {
      action,
      [&collection,
       function](auto const& permit, auto& store, RouteCall const& call, auto& response) {
        return function(permit, store, {collection, call.request, call.parameters[0]}, response);
      }
  };
}

void add_collection(std::vector<Route>& routes, ServedCollection const& served) {
  using enum http::Method;
  auto const& rows = *served.collection;
  auto const& actions = served.actions;
  std::string all = "/api/v1/" + rows.name;
  std::string one = all + "/{id}";
  routes.push_back({get, all, on_rows(actions.list, rows, data::list_rows)});
  routes.push_back({post, all, on_rows(actions.create, rows, data::create_row)});
  routes.push_back({get, one, on_rows(actions.get, rows, data::get_row)});
  routes.push_back({patch, one, on_rows(actions.update, rows, data::update_row)});
  routes.push_back({del, one, on_rows(actions.remove, rows, data::delete_row)});
}

}  // namespace

std::vector<Route> make_routes(RouteParts const& parts) {
  using enum http::Method;
  std::string version = codec::to_text({{"version", parts.version}, {"api", "v1"}});
  ForPrincipal mcp = [&endpoint = parts.mcp](
                         auto const& principal, auto const& request, auto& response, auto where
                     ) { return endpoint.serve(principal, request, response, where); };
  ForPrincipal whoami =
      [&scopes = parts.scopes](auto const& principal, auto const&, auto& response, auto) {
        describe_caller(principal, scopes, response);
        return http::Outcome::answered;
      };

  std::vector<Route> routes{
      {post, "/mcp", mcp},
      {get, "/mcp", mcp},
      {del, "/mcp", mcp},
      {get, "/healthz", ForAnyone([](auto const&, auto& response) {
         answer_text(response, 200, "ok\n");
       })},
      {get, "/readyz", ForAnyone([ready = parts.is_ready](auto const&, auto& response) {
         bool is_ready = ready();
         answer_text(response, is_ready ? 200 : 503, is_ready ? "ready\n" : "not ready\n");
       })},
      {get,
       "/metrics",
       ForAnyone([metrics = parts.metrics,
                  open = parts.metrics_public](auto const& request, auto& response) {
         if (open || is_loopback(request.peer)) {
           answer_text(response, 200, metrics());
           response.content_type = "text/plain; version=0.0.4; charset=utf-8";
         } else {
           answer_text(response, 403, "metrics are for this machine only\n");
         }
       })},
      {get, "/api/v1/version", ForAnyone([version](auto const&, auto& response) {
         response.content_type = "application/json";
         response.body = version;
       })},
      {get, "/api/v1/whoami", whoami},
  };
  for (auto const& served : parts.collections) add_collection(routes, served);
  return routes;
}

}  // namespace keystead::api
