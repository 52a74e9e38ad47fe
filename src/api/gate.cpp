#include "api/gate.hpp"

#include <algorithm>
#include <stdexcept>

#include "authz/authorizer.hpp"

namespace keystead::api {
namespace {

constexpr std::string_view kPreflightHeaders =
    "Authorization, X-API-Key, Content-Type, Accept, MCP-Protocol-Version, Mcp-Session-Id, "
    "Mcp-Method, Mcp-Name, Last-Event-ID";
constexpr std::string_view kExposedHeaders =
    "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Location, Retry-After";

}  // namespace

Gate::Gate(
    Options options,
    std::vector<Route> routes,
    authn::Authenticator const& authenticator,
    store::TenantStores& stores,
    Problems const& problems
)
    : options_(std::move(options)),
      routes_(std::move(routes)),
      authenticator_(authenticator),
      stores_(stores),
      problems_(problems) {
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!router_.add(routes_[i].method, routes_[i].pattern, i)) {
      throw std::logic_error("two routes are the same: " + routes_[i].pattern);
    }
  }
}

http::Outcome Gate::handle(
    http::Request const& request, http::Response& response, http::Where where
) {
  auto match = router_.find(request.method, request.path);
  auto report = [&](GateEvent::Kind kind, std::string_view detail) {
    std::string_view route = match.route ? std::string_view(routes_[*match.route].pattern) : "none";
    options_.report({kind, response.status, request.method_text, route, request.peer, detail});
  };
  try {
    auto outcome = dispatch(match, request, response, where);
    bool is_denial = response.status == 401 || response.status == 403;
    if (outcome == http::Outcome::needs_worker)
      response.reset();
    else if (is_denial)
      report(GateEvent::Kind::denied, {});
    else if (options_.report_every_request)
      report(GateEvent::Kind::answered, {});
    return outcome;
  } catch (store::Broken const& broken) {
    response.reset();
    problems_.render(
        Failure{Code::unavailable, "The service cannot reach its data; try again.", {}}, response
    );
    report(GateEvent::Kind::broken, broken.what());
  } catch (std::exception const& error) {
    response.reset();
    problems_.render(Failure{Code::internal, "Something went wrong on our side.", {}}, response);
    report(GateEvent::Kind::broken, error.what());
  }
  return http::Outcome::answered;
}

http::Outcome Gate::dispatch(
    http::Router::Match const& match,
    http::Request const& request,
    http::Response& response,
    http::Where where
) {
  if (!pass_origin(request, response)) return http::Outcome::answered;
  if (match.allow.empty()) {
    problems_.render(Failure{Code::not_found, "There is nothing at this path.", {}}, response);
    return http::Outcome::answered;
  }
  if (!match.route) {
    problems_.render_method_not_allowed(match.allow, response);
    return http::Outcome::answered;
  }
  Route const& route = routes_[*match.route];
  if (auto const* open = std::get_if<ForAnyone>(&route.handler)) {
    (*open)(request, response);
    return http::Outcome::answered;
  }
  return serve_principal(route, match, request, response, where);
}

http::Outcome Gate::serve_principal(
    Route const& route,
    http::Router::Match const& match,
    http::Request const& request,
    http::Response& response,
    http::Where where
) {
  auto credential = authn::read_credential(request, options_.credential_headers);
  if (!credential) {
    problems_.render(credential.error(), response);
    return http::Outcome::answered;
  }
  if (std::holds_alternative<authn::NoCredential>(*credential)) {
    problems_.render_missing_credential(response);
    return http::Outcome::answered;
  }
  auto principal = authenticator_.authenticate_from_memory(*credential);
  if (!principal) {
    if (where == http::Where::io_thread) return http::Outcome::needs_worker;
    principal = authenticator_.authenticate(*credential);
  }
  if (!*principal) {
    problems_.render(principal->error(), response);
    return http::Outcome::answered;
  }
  if (auto const* handler = std::get_if<ForPrincipal>(&route.handler)) {
    return (*handler)(**principal, request, response, where);
  }
  if (where == http::Where::io_thread) return http::Outcome::needs_worker;
  serve_tenant(
      std::get<ForTenant>(route.handler), **principal, {request, match.parameters}, response
  );
  return http::Outcome::answered;
}

void Gate::serve_tenant(
    ForTenant const& handler,
    domain::Principal const& principal,
    RouteCall const& call,
    http::Response& response
) {
  auto permit = authz::Authorizer::decide(principal, *handler.action);
  if (!permit) return problems_.render(permit.error(), response);
  auto store = stores_.open(*permit);
  auto served = handler.serve(*permit, store, call, response);
  if (!served) problems_.render(served.error(), response);
}

// A page of another origin must not use a browser as its messenger (DNS rebinding, CSRF); clients
// that are no browsers send no Origin. False if the request has been answered here.
bool Gate::pass_origin(http::Request const& request, http::Response& response) const {
  auto origin = http::find_header(request, "Origin");
  if (!origin) return true;
  if (std::ranges::find(options_.origins, *origin) == options_.origins.end()) {
    problems_.render(Failure{Code::forbidden, "This origin is not allowed.", {}}, response);
    return false;
  }
  response.add("Access-Control-Allow-Origin", *origin);
  response.add("Vary", "Origin");
  if (request.method != http::Method::options) {
    response.add("Access-Control-Expose-Headers", kExposedHeaders);
    return true;
  }
  response.status = 204;
  response.add("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
  response.add("Access-Control-Allow-Headers", kPreflightHeaders);
  response.add("Access-Control-Max-Age", "600");
  return false;
}

}  // namespace keystead::api
