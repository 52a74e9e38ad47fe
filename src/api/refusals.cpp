#include "api/refusals.hpp"

#include "codec/json.hpp"

namespace keystead::api {
namespace {

json::array to_array(std::vector<std::string> const& texts) {
  return json::array(texts.begin(), texts.end());
}

// What would have let the call through, in words for an administrator.
std::string remedy(domain::Denial const& denial) {
  using enum domain::DenialReason;
  switch (denial.reason) {
    case tenant_required: return "a credential that is bound to a tenant";
    case insufficient_scope: return "a credential with the scope " + denial.action->scope;
    case rule: return "a change of the rule " + denial.rule + " in the configuration";
    case narrowed: return "the credential that this one was narrowed from";
    case argument:
      return denial.rule.empty()
                 ? "the credential that this one was narrowed from"
                 : "another value of " + denial.argument + ", see the rule " + denial.rule;
    case rate_limited:
      return "waiting " + std::to_string(denial.retry_after.count()) + " s, or a higher limit";
  }
  return {};
}

}  // namespace

std::string actor_name(domain::Principal const& principal) {
  return std::string(principal.bearer_kind()) + ":" + principal.bearer_id();
}

Refusals::Refusals(
    Problems const& problems, domain::ScopeCatalog const& scopes, Clock const& clock, Record record
)
    : problems_(problems), scopes_(scopes), clock_(clock), record_(std::move(record)) {}

void Refusals::record(
    std::string_view reason, DeniedCall const& call, RequestId& id, json::object detail
) const {
  domain::AuditEntry entry;
  entry.at = clock_.now();
  entry.kind = domain::AuditKind::denial;
  entry.event = "denied." + std::string(reason);
  entry.actor = "address:" + std::string(call.address);
  entry.subject = std::string(call.request.method_text) + " " + std::string(call.route);
  entry.request = id.text();
  detail["address"] = call.address;
  if (call.principal) {
    entry.actor = actor_name(*call.principal);
    entry.tenant = call.principal->tenant();
    detail["scopes_held"] = to_array(scopes_.names(call.principal->scopes()));
    if (auto const* restriction = call.principal->restriction()) {
      auto& ancestors = detail["ancestors"].emplace_array();
      for (auto const& key : restriction->ancestors) ancestors.emplace_back(key.text());
    }
  }
  entry.detail = codec::to_text(detail);
  record_(std::move(entry));
}

void Refusals::record(domain::Denial const& denial, DeniedCall const& call, RequestId& id) const {
  json::object detail{
      {"action", denial.action->name},
      {"scope_needed", denial.action->scope},
      {"would_grant", remedy(denial)},
  };
  if (!denial.action->tool.empty()) detail["tool"] = denial.action->tool;
  if (!denial.rule.empty()) detail["rule"] = denial.rule;
  if (!denial.argument.empty()) detail["argument"] = denial.argument;
  record(name_of(denial.reason), call, id, std::move(detail));
}

void Refusals::deny(
    Failure const& failure,
    std::string_view reason,
    DeniedCall const& call,
    RequestId& id,
    http::Response& response
) const {
  problems_.render(failure, id.text(), response, call.surface, nullptr, call.resource);
  record(reason, call, id, {});
}

void Refusals::deny_missing_credential(
    DeniedCall const& call, RequestId& id, http::Response& response
) const {
  problems_.render_missing_credential(id.text(), response, call.surface, call.resource);
  record("missing_credential", call, id, {});
}

void Refusals::deny_key_fault(
    KeyFault fault, DeniedCall const& call, RequestId& id, http::Response& response
) const {
  problems_.render_key_fault(fault, id.text(), response, call.surface, call.resource);
  record(fault == KeyFault::invalid_token ? "invalid_credential" : name_of(fault), call, id, {});
}

void Refusals::deny(
    domain::Denial const& denial, DeniedCall const& call, RequestId& id, http::Response& response
) const {
  problems_.render(denial, id.text(), response);
  record(denial, call, id);
}

void Refusals::deny_mcp(
    domain::Denial const& denial,
    json::value const& rpc_id,
    DeniedCall const& call,
    RequestId& id,
    http::Response& response
) const {
  problems_.render_mcp(denial, rpc_id, id.text(), response, call.resource);
  record(denial, call, id);
}

mcp::RpcError Refusals::deny_element(
    domain::Denial const& denial, DeniedCall const& call, RequestId& id
) const {
  record(denial, call, id);
  return problems_.rpc_error(denial);
}

}  // namespace keystead::api
