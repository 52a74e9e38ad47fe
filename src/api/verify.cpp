#include "api/verify.hpp"

#include <algorithm>
#include <array>

#include "api/identity_headers.hpp"
#include "authz/authorizer.hpp"
#include "codec/percent.hpp"

namespace keystead::api {
namespace {

using domain::Denial;
using domain::DenialReason;

// In which gateways tell the target that their client asked for. Anybody may send them, so that
// they are only ever reasons to refuse.
constexpr std::array<std::string_view, 4> kForwardedTargets{
    "X-Original-URI", "X-Forwarded-Uri", "X-Original-URL", "X-Envoy-Original-Path"
};

std::optional<std::string_view> forwarded_query(http::Header const& header) {
  bool tells = std::ranges::any_of(kForwardedTargets, [&](std::string_view name) {
    return http::equals_ignoring_case(header.name, name);
  });
  auto mark = tells ? header.value.find('?') : std::string_view::npos;
  if (mark == std::string_view::npos) return std::nullopt;
  return header.value.substr(mark + 1);
}

// Attack 4 happens at the gateway too: its log has kept the target by now.
Result<void> refuse_forwarded_credentials(
    http::Request const& request, authn::CredentialHeaders const& headers
) {
  for (auto const& header : request.headers) {
    auto query = forwarded_query(header);
    if (!query) continue;
    http::Request forwarded;
    forwarded.query = *query;
    TRY(authn::read_credential(forwarded, headers));
  }
  return {};
}

// A call whose arguments nobody here sees: one that is limited counts as not kept.
authz::Arguments const& unseen_arguments() {
  static authz::Arguments const kUnseen{
      .takes = [](auto) { return true; },
      .value = [](auto) { return std::nullopt; },
  };
  return kUnseen;
}

std::unexpected<Failure> misasked(std::string detail) {
  return fail(Code::forbidden, "This request may not pass.", std::move(detail));
}

std::vector<domain::AddressRange> this_machine() {
  return {
      domain::AddressRange::parse("127.0.0.0/8").value(), domain::AddressRange::parse("::1").value()
  };
}

}  // namespace

Verifier::Verifier(VerifyParts parts, std::optional<IdentitySigner> signer)
    : parts_(std::move(parts)), signer_(std::move(signer)) {
  auto const& scopes = parts_.scopes.all();
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    domain::Action action = parts_.action;
    action.scope = scopes[i].name;
    action.needs = {};
    action.needs.add(i);
    scopes_.emplace(scopes[i].name, std::move(action));
  }
  for (auto const& action : parts_.actions.all()) {
    if (!action.tool.empty()) tools_.emplace(action.tool, &action);
  }
  for (auto const& name : parts_.credential_headers.names) {
    spent_headers_ += (spent_headers_.empty() ? "" : ",") + name;
  }
}

bool Verifier::may_ask(std::string_view peer) const {
  static auto const kThisMachine = this_machine();
  auto const& ranges = parts_.from.empty() ? kThisMachine : parts_.from;
  auto address = domain::Address::parse(peer);
  if (!address) return parts_.from.empty() && peer == "local";
  return std::ranges::any_of(ranges, [&](auto const& range) { return range.contains(*address); });
}

bool Verifier::examine(RouteCall const& call, http::Response& response) const {
  // A gateway that kept an answer would go on letting a revoked key pass.
  response.add("Cache-Control", "no-store");
  auto refuse = [&](Failure const& failure, std::string_view reason) {
    parts_.refusals.deny(
        failure, reason, {call.request, call.address, "/verify"}, call.request_id, response
    );
    return false;
  };
  if (auto clean = refuse_identity_headers(call.request); !clean) {
    return refuse(clean.error(), "identity_header");
  }
  auto clean = refuse_forwarded_credentials(call.request, parts_.credential_headers);
  if (!clean) return refuse(clean.error(), "credential_conflict");
  return true;
}

// The query of /verify itself is the gateway's. Below it, path and query are its client's (Envoy
// puts /verify in front of them), and so they are where a gateway hands its client's query on:
// whoever could write ?tenant=any into a URL would widen the question.
Result<Verifier::Question> Verifier::read_question(http::Request const& request) const {
  Question question;
  if (request.path != "/verify" || request.query.empty()) return question;
  for (auto const& header : request.headers) {
    if (forwarded_query(header) == request.query) {
      return misasked("the gateway hands the query of its client on to /verify");
    }
  }
  auto pairs = codec::parse_pairs(request.query);
  if (!pairs) return misasked("the query of /verify cannot be read");
  for (auto const& [name, value] : *pairs) TRY(read_pair(question, name, value));
  return question;
}

Result<void> Verifier::read_pair(
    Question& question, std::string_view name, std::string const& value
) const {
  if (name == "scope") {
    auto scope = scopes_.find(value);
    if (scope == scopes_.end()) return misasked("/verify is asked for an unknown scope: " + value);
    question.scopes.push_back(&scope->second);
    return {};
  }
  if (name == "tool" && !question.tool) {
    auto tool = tools_.find(value);
    if (tool == tools_.end()) return misasked("/verify is asked for an unknown tool: " + value);
    question.tool = tool->second;
    return {};
  }
  if (name != "tenant" || value != "any") {
    return misasked("/verify takes scope=SCOPE, tool=TOOL and tenant=any, once each but for scope");
  }
  question.any_tenant = true;
  return {};
}

std::expected<std::optional<domain::Permit>, Denial> Verifier::decide(
    domain::Principal const& principal, Question const& question
) const {
  auto const& action = question.tool ? *question.tool : parts_.action;
  std::optional<domain::Permit> permit;
  if (principal.tenant() || question.tool || !question.any_tenant) {
    auto decided = question.tool ? authz::Authorizer::decide(principal, action, unseen_arguments())
                                 : authz::Authorizer::decide(principal, action);
    if (!decided) return std::unexpected(std::move(decided.error()));
    permit = std::move(*decided);
  }
  // What a narrowed credential is held to, nobody behind the gateway could hold it to.
  auto const* restriction = question.tool ? nullptr : principal.restriction();
  if (restriction && !(restriction->tools.empty() && restriction->arguments.empty())) {
    return std::unexpected(Denial{.action = &action, .reason = DenialReason::narrowed});
  }
  for (auto const* scope : question.scopes) {
    if (!principal.scopes().contains(scope->needs)) return std::unexpected(Denial{.action = scope});
  }
  return permit;
}

void Verifier::answer(
    domain::Principal const& principal, RouteCall const& call, http::Response& response
) const {
  DeniedCall denied{call.request, call.address, "/verify", &principal};
  auto question = read_question(call.request);
  if (!question) {
    parts_.complain(question.error().private_detail);
    return parts_.refusals.deny(question.error(), "question", denied, call.request_id, response);
  }
  auto permit = decide(principal, *question);
  if (!permit) return parts_.refusals.deny(permit.error(), denied, call.request_id, response);
  if (*permit) {
    if (auto denial = parts_.count_call(**permit, response)) {
      return parts_.refusals.deny(*denial, denied, call.request_id, response);
    }
  }
  auto identity = identity_of(principal, parts_.kinds, parts_.scopes);
  auto statement = signer_ ? signer_->sign(identity, parts_.clock.now()) : std::string();
  write_identity(identity, statement, response);
  response.add("X-Envoy-Auth-Headers-To-Remove", spent_headers_);
}

void add_verify_routes(std::vector<Route>& routes, Verifier const& verifier) {
  using enum http::Method;
  for (auto const* pattern : {"/verify", "/verify/{path...}"}) {
    for (auto method : {get, post, put, patch, del, options, other}) {
      routes.push_back({method, pattern, ForGateway{&verifier}});
    }
  }
}

}  // namespace keystead::api
