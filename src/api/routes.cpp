#include "api/routes.hpp"

#include <boost/json/array.hpp>

#include "api/collection_routes.hpp"
#include "api/document_routes.hpp"
#include "api/issuer_routes.hpp"
#include "api/resource_metadata.hpp"
#include "api/whoami.hpp"
#include "codec/json.hpp"

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

RouteDoc version_doc() {
  json::object text{{"type", "string"}};
  json::object answer{{"type", "object"}, {"properties", {{"version", text}, {"api", text}}}};
  return {"The version that is running", 200, {}, {}, answer};
}

RouteDoc whoami_doc() {
  json::object text{{"type", "string"}};
  json::object texts{{"type", "array"}, {"items", text}};
  json::object answer{{"type", "object"}, {"properties", {{"key_id", text}, {"scopes", texts}}}};
  return {"The key of this request, and the scopes that it has", 200, {}, {}, answer};
}

json::object list_of(json::object const& properties) {
  return {{"type", "array"}, {"items", {{"type", "object"}, {"properties", properties}}}};
}

RouteDoc webhooks_doc() {
  json::object text{{"type", "string"}};
  json::object message{
      {"type", "object"},
      {"required", {"type", "data"}},
      {"properties", {{"type", text}, {"data", {{"type", "object"}}}}}
  };
  json::object answer{{"type", "object"}, {"properties", {{"received", {{"type", "boolean"}}}}}};
  return {
      "Events about users, organisations and memberships, signed as Svix does it",
      200,
      {},
      message,
      answer
  };
}

RouteDoc leaks_doc() {
  json::object text{{"type", "string"}};
  json::object label{{"enum", {"true_positive", "false_positive"}}};
  return {
      "Report keys found in public, signed as GitHub's secret scanning does",
      200,
      {},
      list_of({{"token", text}, {"type", text}, {"url", text}, {"source", text}}),
      list_of({{"token_hash", text}, {"token_type", text}, {"label", label}})
  };
}

}  // namespace

std::vector<Route> make_routes(RouteParts const& parts) {
  using enum http::Method;
  std::string version = codec::to_text({{"version", parts.version}, {"api", "v1"}});
  ForPrincipal mcp = [&endpoint = parts.mcp, &refusals = parts.refusals](
                         auto const& principal, auto const& call, auto& response, auto where
                     ) {
    // Nobody got here by an introduction; see Route::open_to_strangers.
    if (principal.tenant() || principal.is_nobody()) {
      return endpoint.serve(principal, call.request, response, where);
    }
    // Every method, not only tools/call: a client learns at its first message what is wrong.
    static domain::Action const kSpeak = [] {
      domain::Action speak;
      speak.name = "mcp";
      return speak;
    }();
    refusals.deny(
        domain::Denial{&kSpeak, domain::DenialReason::tenant_required},
        {call.request, call.address, "/mcp", &principal, Surface::mcp},
        call.request_id,
        response
    );
    return http::Outcome::answered;
  };
  ForPrincipal whoami =
      [&scopes = parts.scopes](auto const& principal, auto const&, auto& response, auto) {
        describe_caller(principal, scopes, response);
        return http::Outcome::answered;
      };

  std::vector<Route> routes{
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
      {get,
       "/api/v1/version",
       ForAnyone([version](auto const&, auto& response) {
         response.content_type = "application/json";
         response.body = version;
       }),
       version_doc()},
      {get, "/api/v1/whoami", whoami, whoami_doc()},
  };
  for (auto const& path : parts.mcp_paths) {
    for (auto method : {post, get, del}) {
      Route route{method, path, mcp};
      route.speaks_rpc = true;
      if (parts.mcp_open && method == post) {
        route.open_to_strangers = mcp::Endpoint::is_introduction;
      }
      auto below = route;
      routes.push_back(std::move(route));
      if (!parts.tenants_have_addresses) continue;
      below.pattern.insert(0, kTenantPattern);
      below.of_tenant = true;
      routes.push_back(std::move(below));
    }
  }
  add_key_routes(routes, parts.keys);
  add_denial_routes(routes, parts.denials);
  if (parts.leaks) {
    routes.push_back(
        {post,
         "/api/v1/leaks",
         ForReporter{[leaks = parts.leaks](auto const& call, auto& response) {
           return leaks->take(call, response);
         }},
         leaks_doc()}
    );
  }
  if (parts.webhooks) {
    routes.push_back(
        {post,
         "/api/v1/webhooks",
         ForReporter{[webhooks = parts.webhooks](auto const& call, auto& response) {
           return webhooks->take(call, response);
         }},
         webhooks_doc()}
    );
  }
  add_auth_routes(routes, parts.auth);
  if (parts.sign_in) {
    add_session_routes(routes, *parts.sign_in);
    add_passkey_routes(routes, *parts.sign_in);
    add_totp_routes(routes, *parts.sign_in);
    add_sign_in_pages(routes, *parts.sign_in, parts.sign_in_pages);
    add_factor_pages(routes, *parts.sign_in);
    if (parts.oidc) add_oidc_routes(routes, *parts.oidc);
  }
  if (parts.links) {
    add_link_routes(routes, *parts.links);
    add_link_pages(routes, *parts.links);
  }
  if (parts.members) add_member_routes(routes, *parts.members);
  if (parts.verifier) add_verify_routes(routes, *parts.verifier);
  for (auto const& served : parts.collections) {
    if (served.collection->rest) add_collection_routes(routes, served);
  }
  if (parts.resource) add_resource_routes(routes, *parts.resource);
  if (parts.authorization) add_authorization_routes(routes, *parts.authorization);
  if (parts.tokens) add_token_routes(routes, *parts.tokens);
  add_document_routes(routes, parts.documents);
  return routes;
}

}  // namespace keystead::api
