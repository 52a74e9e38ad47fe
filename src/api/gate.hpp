// The gate: every HTTP request passes here. It finds the route, proves the caller, asks for the
// Permit, opens the tenant, and turns whatever goes wrong into an answer.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/refusals.hpp"
#include "api/route.hpp"
#include "authn/authenticator.hpp"
#include "authn/dpop.hpp"
#include "authn/sessions.hpp"
#include "authz/address_guard.hpp"
#include "domain/address_range.hpp"
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
  std::string_view request_id;  // empty where the request got none
};

class Gate final : public http::Handler {
 public:
  struct Options {
    authn::CredentialHeaders credential_headers;
    std::vector<std::string>
        origins;  // browser origins that may call, such as https://app.example.com
    std::vector<domain::AddressRange> trusted_proxies;  // whose X-Forwarded-For is believed
    authn::Sessions const* sessions = nullptr;          // outlives the gate; null: there are none
    authn::Dpop const* dpop = nullptr;  // the same; null: no token is taken as bound to a key
    std::function<void(GateEvent const&)> report;
    bool report_every_request = false;  // else denials and breakages only
    // Counts a call against the rate limits and tells their state in the response's headers; the
    // Denial if a limit is reached.
    std::function<std::optional<domain::Denial>(domain::Permit const&, http::Response&)> count_call;
  };

  // All references outlive the gate. Throws std::logic_error if two routes are the same.
  Gate(
      Options options,
      std::vector<Route> routes,
      authn::Authenticator const& authenticator,
      authz::AddressGuard& guard,
      store::TenantStores& stores,
      Problems const& problems,
      Refusals const& refusals,
      RequestIds& ids
  );

  http::Outcome handle(
      http::Request const& request, http::Response& response, http::Where where
  ) override;

  bool refuse(int status, std::string_view reason, http::Response& response) override;

  // THE table, for tests that walk every route.
  std::vector<Route> const& routes() const { return routes_; }

  // Where a request comes from: its peer, or behind trusted proxies whom the last of them saw.
  std::string_view address_of(http::Request const& request) const;

 private:
  struct Passage;

  Verifier const* find_verifier(http::Router::Match& match, http::Request const& request) const;
  http::Outcome dispatch(Passage& passage) const;
  http::Outcome serve_gateway(Passage& passage) const;
  http::Outcome serve_principal(Passage& passage) const;
  std::optional<domain::Principal> prove(Passage& passage, bool& needs_worker) const;
  std::nullopt_t refuse_key(Passage& passage, KeyFault fault) const;
  std::optional<authn::DpopProof> examine_proof(Passage& passage, std::string_view token) const;
  bool spend_proof(
      Passage& passage, domain::Principal const& principal, authn::DpopProof const& proof
  ) const;
  Result<void> check_is_own(Passage const& passage, authn::Credential const& credential) const;
  static Result<void> check_is_here(Passage const& passage, domain::Principal const& principal);
  void serve_on_worker(Passage& passage, domain::Principal const& principal) const;
  Result<void> serve_session(ForSession const& handler, Passage& passage) const;
  Result<void> serve_tenant(
      ForTenant const& handler, Passage& passage, domain::Principal const& principal
  ) const;
  bool is_open_to_origins(http::Request const& request) const;
  bool pass_origin(Passage& passage) const;

  Options options_;
  std::string preflight_headers_;
  std::string exposed_headers_;
  std::vector<Route> routes_;
  http::Router router_;
  authn::Authenticator const& authenticator_;
  authz::AddressGuard& guard_;
  store::TenantStores& stores_;
  Problems const& problems_;
  Refusals const& refusals_;
  RequestIds& ids_;
};

}  // namespace keystead::api
