// A route and its handler. The handler's type is its security statement: what it is given says what
// the caller has proven.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <variant>

#include "domain/permit.hpp"
#include "http/handler.hpp"
#include "http/router.hpp"
#include "store/tenant_store.hpp"

namespace keystead::api {

struct RouteCall {
  http::Request const& request;
  std::array<std::string_view, http::Router::kParametersMax> const& parameters;
};

// Anyone may call it; it sees no tenant. Answers in memory.
using ForAnyone = std::function<void(http::Request const&, http::Response&)>;

// Any principal may call it; it asks authz itself, for each thing that the request names.
using ForPrincipal = std::function<
    http::Outcome(domain::Principal const&, http::Request const&, http::Response&, http::Where)>;

// Runs only with a Permit for the action, inside the Permit's tenant, on a worker.
struct ForTenant {
  domain::Action const* action;
  std::function<
      Result<void>(domain::Permit const&, store::TenantStore&, RouteCall const&, http::Response&)>
      serve;
};

struct Route {
  http::Method method;
  std::string pattern;
  std::variant<ForAnyone, ForPrincipal, ForTenant> handler;
};

}  // namespace keystead::api
