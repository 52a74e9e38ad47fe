// /verify: another gateway (nginx auth_request, Traefik, Caddy, HAProxy, Envoy) asks whether a
// request of its own may pass, and is told who is calling. The request that it asks with carries
// the headers of its client.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/identity.hpp"
#include "api/refusals.hpp"
#include "api/route.hpp"
#include "authn/credential.hpp"
#include "authz/action_table.hpp"
#include "domain/address_range.hpp"

namespace keystead::api {

struct VerifyParts {
  std::vector<domain::AddressRange> from;  // who may ask; empty: this machine
  authn::CredentialHeaders credential_headers;
  domain::Action const& action;       // of passing where no tool is asked for
  authz::ActionTable const& actions;  // in which tools are looked for
  domain::KeyKinds const& kinds;
  domain::ScopeCatalog const& scopes;
  Refusals const& refusals;
  Clock const& clock;
  // As Gate::Options::count_call.
  std::function<std::optional<domain::Denial>(domain::Permit const&, http::Response&)> count_call;
  // Told what is wrong with a question: it is the gateway's configuration, not its client.
  std::function<void(std::string_view)> complain;
};

// Safe from any thread. All references outlive it.
class Verifier {
 public:
  // Without a signer the identity is told in headers only.
  Verifier(VerifyParts parts, std::optional<IdentitySigner> signer);

  // Whether the one at this address may ask at all. Whoever may not is told that there is no such
  // path: tenant ids are answered here, and they are not for callers.
  bool may_ask(std::string_view peer) const;

  // Before anybody is authenticated: false if it has refused what the client sent.
  bool examine(RouteCall const& call, http::Response& response) const;

  // 200 and the identity, or a refusal.
  void answer(
      domain::Principal const& principal, RouteCall const& call, http::Response& response
  ) const;

 private:
  // What the gateway wants to know beyond who is calling.
  struct Question {
    std::vector<domain::Action const*> scopes;  // each needs one that the caller must hold
    domain::Action const* tool = nullptr;       // that it must be allowed to call
    bool any_tenant = false;                    // whether a credential of no tenant may pass
  };

  Result<Question> read_question(http::Request const& request) const;
  Result<void> read_pair(Question& question, std::string_view name, std::string const& value) const;
  // The Permit; none for a caller of no tenant that may pass.
  std::expected<std::optional<domain::Permit>, domain::Denial> decide(
      domain::Principal const& principal, Question const& question
  ) const;

  VerifyParts parts_;
  std::optional<IdentitySigner> signer_;
  std::string spent_headers_;  // those that carried the credential, for Envoy to remove
  std::map<std::string, domain::Action, std::less<>> scopes_;  // by the scope that it needs
  std::map<std::string, domain::Action const*, std::less<>> tools_;
};

// /verify and every path below it, for every method.
void add_verify_routes(std::vector<Route>& routes, Verifier const& verifier);

}  // namespace keystead::api
