// The gate: every HTTP request passes here. It finds the route, proves the caller, asks for the
// Permit, opens the tenant, and turns whatever goes wrong into an answer.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/problem.hpp"
#include "api/route.hpp"
#include "authn/authenticator.hpp"
#include "http/handler.hpp"

namespace keystead::api {

// What the gate tells the log: never a credential, a query or a body, and the pattern of the route
// instead of the path, because a caller may put anything into a path.
struct GateEvent {
  enum class Kind { answered, denied, broken } kind;
  int status;
  std::string_view method;
  std::string_view route;  // /api/v1/tasks/{id}; "none" where there is none
  std::string_view peer;
  std::string_view detail;
};

class Gate final : public http::Handler {
 public:
  struct Options {
    authn::CredentialHeaders credential_headers;
    std::vector<std::string>
        origins;  // browser origins that may call, such as https://app.example.com
    std::function<void(GateEvent const&)> report;
    bool report_every_request = false;  // else denials and breakages only
  };

  // All references outlive the gate. Throws std::logic_error if two routes are the same.
  Gate(
      Options options,
      std::vector<Route> routes,
      authn::Authenticator const& authenticator,
      store::TenantStores& stores,
      Problems const& problems
  );

  http::Outcome handle(
      http::Request const& request, http::Response& response, http::Where where
  ) override;

  // THE table, for tests that walk every route.
  std::vector<Route> const& routes() const { return routes_; }

 private:
  http::Outcome dispatch(
      http::Router::Match const& match,
      http::Request const& request,
      http::Response& response,
      http::Where where
  );
  http::Outcome serve_principal(
      Route const& route,
      http::Router::Match const& match,
      http::Request const& request,
      http::Response& response,
      http::Where where
  );
  void serve_tenant(
      ForTenant const& handler,
      domain::Principal const& principal,
      RouteCall const& call,
      http::Response& response
  );
  bool pass_origin(http::Request const& request, http::Response& response) const;

  Options options_;
  std::vector<Route> routes_;
  http::Router router_;
  authn::Authenticator const& authenticator_;
  store::TenantStores& stores_;
  Problems const& problems_;
};

}  // namespace keystead::api
