// Endpoints of an issuer: each below the service's address, and once more below that of every
// tenant, where tenants have issuers of their own.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "api/route.hpp"
#include "domain/issuer.hpp"

namespace keystead::api {

// Of everything below a tenant's address.
inline constexpr std::string_view kTenantPattern = "/t/{tenant}";

using RouteServe = std::function<Result<void>(RouteCall const&, http::Response&)>;
using IssuerServe =
    std::function<Result<void>(domain::Issuer const&, RouteCall const&, http::Response&)>;

// Serves for the tenant that is the first parameter. The issuers outlive it.
inline RouteServe serve_for_tenant(domain::Issuers const& issuers, IssuerServe serve) {
  return
      [&issuers,
       serve = std::move(serve)](RouteCall const& call, http::Response& response) -> Result<void> {
        auto issuer = issuers.of_tenant(call.parameters[0]);
        if (!issuer) return fail(Code::not_found, "There is nothing at this path.");
        return serve(*issuer, call, response);
      };
}

struct IssuerRoute {
  http::Method method;
  std::string_view path;         // below the issuer
  bool open_to_origins = false;  // see Route
};

// `proof` makes the handler of what serves. The issuers outlive the routes.
template <class Proof>
void add_issuer_routes(
    std::vector<Route>& routes,
    domain::Issuers const& issuers,
    IssuerRoute const& added,
    IssuerServe const& serve,
    Proof const& proof
) {
  auto add = [&](std::string_view below, RouteServe serve_one) {
    auto pattern = std::string(below).append(added.path);
    Route route{added.method, std::move(pattern), proof(std::move(serve_one))};
    route.open_to_origins = added.open_to_origins;
    routes.push_back(std::move(route));
  };
  add({}, [&issuers, serve](RouteCall const& call, http::Response& response) {
    return serve(issuers.root(), call, response);
  });
  if (issuers.has_those_of_tenants()) add(kTenantPattern, serve_for_tenant(issuers, serve));
}

inline ForVisitor for_visitor(RouteServe serve) {
  return {std::move(serve)};
}
inline ForReporter for_reporter(RouteServe serve) {
  return {std::move(serve)};
}

}  // namespace keystead::api
