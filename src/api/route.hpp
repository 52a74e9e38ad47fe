// A route and its handler. The handler's type is its security statement: what it is given says what
// the caller has proven.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include <boost/json/object.hpp>

#include "api/request_id.hpp"
#include "domain/permit.hpp"
#include "domain/session.hpp"
#include "http/handler.hpp"
#include "http/router.hpp"
#include "store/tenant_store.hpp"

namespace keystead::api {

class Verifier;

struct RouteCall {
  http::Request const& request;
  std::array<std::string_view, http::Router::kParametersMax> const& parameters;
  std::string_view address;  // where the caller is, behind proxies that are trusted
  RequestId& request_id;
};

// Anyone may call it; it sees no tenant. Answers in memory.
using ForAnyone = std::function<void(http::Request const&, http::Response&)>;

// Anyone may call it; it proves what it needs by itself, on a worker.
struct ForReporter {
  std::function<Result<void>(RouteCall const&, http::Response&)> serve;
};

// Anyone may call it, on a worker: the pages and calls by which people sign in, and what a page
// shows depends on whether somebody has.
struct ForVisitor {
  std::function<Result<void>(RouteCall const&, http::Response&)> serve;
};

// Any principal may call it; it asks authz itself, for each thing that the request names.
using ForPrincipal = std::function<
    http::Outcome(domain::Principal const&, RouteCall const&, http::Response&, http::Where)>;

// Any principal may call it, about its own credential; on a worker.
struct ForHolder {
  std::function<Result<void>(domain::Principal const&, RouteCall const&, http::Response&)> serve;
};

// Only a session may call it, about itself and its user, on a worker: what only a person decides.
// No key and no token of another issuer may.
struct ForSession {
  std::function<Result<void>(domain::Session const&, RouteCall const&, http::Response&)> serve;
};

// Runs only with a Permit for the action, on a worker: it manages who else reaches the tenant, and
// what is known of it.
struct ForManager {
  domain::Action const* action;
  std::function<Result<void>(domain::Permit const&, RouteCall const&, http::Response&)> serve;
};

// Runs only with a Permit for the action, inside the Permit's tenant, on a worker. It counts as a
// call against the rate limits.
struct ForTenant {
  domain::Action const* action;
  std::vector<std::string> arguments;  // what it takes: names in its path, query and body
  std::function<
      Result<void>(domain::Permit const&, store::TenantStore&, RouteCall const&, http::Response&)>
      serve;
};

// Another gateway asks it whether a request of its own may pass. Whoever may not ask finds no such
// path, and its answers have no body.
struct ForGateway {
  Verifier const* verifier;
};

// What OpenAPI says of a route beyond what its handler's type says.
struct RouteDoc {
  std::string summary;
  int status = 200;                // of success
  boost::json::object parameters;  // query parameters: name → {"description", "schema"}
  boost::json::object request;     // JSON Schema of the body; empty for none
  boost::json::object response;    // of the answer; empty for none
  bool for_people = false;         // whether every key is refused, whatever its scopes
};

struct Route {
  http::Method method;
  std::string pattern;
  std::variant<
      ForAnyone,
      ForReporter,
      ForVisitor,
      ForPrincipal,
      ForHolder,
      ForSession,
      ForManager,
      ForTenant,
      ForGateway>
      handler;
  RouteDoc doc = {};
  // Whether its caller expects JSON-RPC, also in what goes wrong before it is reached.
  bool speaks_rpc = false;
  // Which requests without a credential are served all the same, by nobody; null: none.
  std::function<bool(http::Request const&)> open_to_strangers = {};
  // Whether its first parameter is the tenant below whose address it is: whoever is of another one
  // has no credential there.
  bool of_tenant = false;
  // Whether a page of any origin may call it: nothing that a browser adds by itself counts there.
  bool open_to_origins = false;
};

}  // namespace keystead::api
