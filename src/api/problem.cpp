#include "api/problem.hpp"

#include <algorithm>
#include <array>

#include "api/denial_template.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kInvalidCredential = "A valid credential is required.";

struct CodeRow {
  Code code;
  int status;
  std::string_view name;
};

constexpr std::array<CodeRow, 13> kCodes{{
    {Code::invalid_request, 400, "invalid_request"},
    {Code::unauthorized, 401, "unauthorized"},
    {Code::forbidden, 403, "forbidden"},
    {Code::insufficient_scope, 403, "forbidden"},
    {Code::not_found, 404, "not_found"},
    {Code::method_not_allowed, 405, "method_not_allowed"},
    {Code::not_acceptable, 406, "not_acceptable"},
    {Code::conflict, 409, "conflict"},
    {Code::payload_too_large, 413, "payload_too_large"},
    {Code::unsupported_media_type, 415, "unsupported_media_type"},
    {Code::too_many_requests, 429, "too_many_requests"},
    {Code::unavailable, 503, "unavailable"},
    {Code::internal, 500, "internal"},
}};

CodeRow const& row_of(Code code) {
  for (auto const& row : kCodes) {
    if (row.code == code) return row;
  }
  return kCodes.back();
}

struct ReasonRow {
  domain::DenialReason reason;
  int status;
  std::string_view form;
  std::string_view name;
};

constexpr std::array<ReasonRow, 6> kReasons{{
    {domain::DenialReason::tenant_required, 400, "tenant_required", "tenant_required"},
    {domain::DenialReason::insufficient_scope, 403, "forbidden", "insufficient_scope"},
    {domain::DenialReason::rule, 403, "forbidden", "rule"},
    {domain::DenialReason::narrowed, 403, "forbidden", "narrowed"},
    {domain::DenialReason::argument, 403, "forbidden", "argument"},
    {domain::DenialReason::rate_limited, 429, "too_many_requests", "rate_limited"},
}};

ReasonRow const& row_of(domain::DenialReason reason) {
  for (auto const& row : kReasons) {
    if (row.reason == reason) return row;
  }
  return kReasons.front();
}

// RFC 9110 §5.6.4: a quoted-string; what it cannot hold is left out.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f) out += c;
  }
  return out + '"';
}

std::string_view text_of(KeyFault fault) {
  switch (fault) {
    case KeyFault::invalid_proof: return "The proof of the key is not valid for this request.";
    case KeyFault::use_nonce: return "The proof needs the nonce of DPoP-Nonce.";
    case KeyFault::invalid_token: break;
  }
  return kInvalidCredential;
}

void write_problem(int status, std::string_view detail, http::Response& response) {
  response.content_type = "application/problem+json";
  response.body = R"({"type":"about:blank","title":)";
  codec::append_quoted(response.body, http::reason_phrase(status));
  response.body += ",\"status\":" + std::to_string(status) + ",\"detail\":";
  codec::append_quoted(response.body, detail);
  response.body += '}';
}

}  // namespace

// What is to be said, from whichever side it came.
struct Problems::Refusal {
  std::string_view form;
  int status;
  std::string detail;
  domain::Denial const* denial = nullptr;
  std::string_view resource = {};

  DenialWords words(std::string_view request_id) const {
    DenialWords words;
    words.error = form;
    words.title = http::reason_phrase(status);
    words.status = status;
    words.detail = detail;
    words.request_id = request_id;
    if (!denial) return words;
    words.scope = denial->action->scope;
    words.tool = denial->action->tool.empty() ? denial->action->name : denial->action->tool;
    words.argument = denial->argument;
    words.rule = denial->rule;
    words.retry_after = denial->retry_after.count();
    return words;
  }
};

int status_of(Code code) {
  return row_of(code).status;
}

std::string_view name_of(Code code) {
  return row_of(code).name;
}

std::string_view name_of(KeyFault fault) {
  switch (fault) {
    case KeyFault::invalid_proof: return "invalid_dpop_proof";
    case KeyFault::use_nonce: return "use_dpop_nonce";
    case KeyFault::invalid_token: break;
  }
  return "invalid_token";
}

std::string_view name_of(domain::DenialReason reason) {
  return row_of(reason).name;
}

std::string text_of(domain::Denial const& denial) {
  using enum domain::DenialReason;
  switch (denial.reason) {
    case tenant_required: return "This credential is bound to no tenant.";
    case insufficient_scope:
      return "This operation requires the " + denial.action->scope + " scope.";
    case argument: return "The argument " + denial.argument + " may not have this value.";
    case rate_limited:
      return "Too many calls; try again in " + std::to_string(denial.retry_after.count()) + " s.";
    case rule:
    case narrowed: break;
  }
  return "This credential may not do this.";
}

std::span<std::string_view const> Problems::form_names() {
  static constexpr std::array<std::string_view, 14> kNames{
      "unauthorized",
      "forbidden",
      "tenant_required",
      "too_many_requests",
      "not_found",
      "invalid_request",
      "conflict",
      "method_not_allowed",
      "not_acceptable",
      "payload_too_large",
      "unsupported_media_type",
      "unavailable",
      "internal",
      "error",
  };
  return kNames;
}

Problems::Problems(
    std::string const& realm,
    DenialForms forms,
    ResourceDocuments documents,
    std::string const& scope,
    std::string const& dpop_algorithms
)
    : challenge_("Bearer realm=" + quoted(realm)),
      documents_(std::move(documents)),
      forms_(std::move(forms)) {
  if (!scope.empty()) scope_challenge_ = ", scope=" + quoted(scope);
  if (dpop_algorithms.empty()) return;
  dpop_challenge_ = "DPoP realm=" + quoted(realm) + ", algs=" + quoted(dpop_algorithms);
}

std::string Problems::documents_at(std::string_view resource) const {
  if (documents_.place.empty()) return {};
  auto const& path = resource.empty() ? std::string_view(documents_.first) : resource;
  return ", resource_metadata=" + quoted(documents_.place + std::string(path));
}

void Problems::add_challenges(
    std::string_view resource,
    std::string_view of_bearers,
    std::string_view of_bound,
    http::Response& response
) const {
  auto documents = documents_at(resource);
  response.add("WWW-Authenticate", challenge_ + documents + std::string(of_bearers));
  if (dpop_challenge_.empty()) return;
  response.add("WWW-Authenticate", dpop_challenge_ + documents + std::string(of_bound));
}

DenialForm const* Problems::form_of(std::string_view name) const {
  auto own = forms_.find(name);
  if (own == forms_.end()) own = forms_.find("error");
  return own == forms_.end() ? nullptr : &own->second;
}

void Problems::write_head(
    Refusal const& refusal, std::string_view request_id, http::Response& response
) const {
  auto const* form = form_of(refusal.form);
  response.status = form && form->status ? *form->status : refusal.status;
  response.add("X-Request-Id", request_id);
  if (!refusal.denial) return;
  if (refusal.denial->retry_after.count() > 0) {
    response.add("Retry-After", std::to_string(refusal.denial->retry_after.count()));
  }
  if (refusal.denial->reason != domain::DenialReason::insufficient_scope) return;
  auto wanted = ", error=\"insufficient_scope\", scope=" + quoted(refusal.denial->action->scope) +
                ", error_description=" + quoted(refusal.detail);
  add_challenges(refusal.resource, wanted, wanted, response);
}

void Problems::write_body(
    Refusal const& refusal,
    std::string_view request_id,
    http::Response& response,
    Surface surface,
    json::value const& rpc_id
) const {
  auto const* form = form_of(refusal.form);
  bool is_ours = refusal.status >= 500;
  if (surface == Surface::mcp && ((form && form->rpc) || (is_ours && !(form && form->body)))) {
    mcp::RpcError error{mcp::RpcCode::internal_error, refusal.detail};
    if (form && form->rpc) {
      error.code = static_cast<mcp::RpcCode>(form->rpc->code);
      error.message = fill_text(form->rpc->message, refusal.words(request_id));
    }
    response.content_type = kJson;
    return mcp::append_error(response.body, rpc_id, error);
  }
  if (!form || !form->body) return write_problem(response.status, refusal.detail, response);
  response.content_type = kJson;
  response.body = codec::to_text(fill(*form->body, refusal.words(request_id)));
}

void Problems::render(
    Failure const& failure,
    std::string_view request_id,
    http::Response& response,
    Surface surface,
    json::value const& rpc_id,
    std::string_view resource
) const {
  auto const& row = row_of(failure.code);
  Refusal refusal{row.name, row.status, failure.public_text};
  write_head(refusal, request_id, response);
  write_body(refusal, request_id, response, surface, rpc_id);
  if (failure.code == Code::unauthorized) {
    add_challenges(resource, ", error=\"invalid_token\"" + scope_challenge_, {}, response);
  }
  if (failure.code == Code::unavailable) response.add("Retry-After", "1");
}

void Problems::render_missing_credential(
    std::string_view request_id,
    http::Response& response,
    Surface surface,
    std::string_view resource
) const {
  auto const& row = row_of(Code::unauthorized);
  Refusal refusal{row.name, row.status, std::string(kInvalidCredential)};
  write_head(refusal, request_id, response);
  write_body(refusal, request_id, response, surface);
  add_challenges(resource, scope_challenge_, {}, response);
}

// Only its own scheme: whoever has a bound token would do nothing but harm by sending it as a
// bearer's.
void Problems::render_key_fault(
    KeyFault fault,
    std::string_view request_id,
    http::Response& response,
    Surface surface,
    std::string_view resource
) const {
  auto const& row = row_of(Code::unauthorized);
  Refusal refusal{row.name, row.status, std::string(text_of(fault))};
  write_head(refusal, request_id, response);
  write_body(refusal, request_id, response, surface);
  response.add(
      "WWW-Authenticate",
      dpop_challenge_ + documents_at(resource) + ", error=" + quoted(name_of(fault)) +
          scope_challenge_ + ", error_description=" + quoted(refusal.detail)
  );
}

void Problems::render_status(
    int status, std::string_view reason, std::string_view request_id, http::Response& response
) const {
  auto const* row = std::ranges::find(kCodes, status, &CodeRow::status);
  auto const& nearest = row_of(status >= 500 ? Code::unavailable : Code::invalid_request);
  Refusal refusal{row == kCodes.end() ? nearest.name : row->name, status, std::string(reason)};
  write_head(refusal, request_id, response);
  write_body(refusal, request_id, response);
}

void Problems::render(
    domain::Denial const& denial, std::string_view request_id, http::Response& response
) const {
  auto const& row = row_of(denial.reason);
  Refusal refusal{row.form, row.status, text_of(denial), &denial};
  write_head(refusal, request_id, response);
  write_body(refusal, request_id, response);
}

void Problems::render_method_not_allowed(
    std::string_view allow, std::string_view request_id, http::Response& response
) const {
  render(
      Failure{Code::method_not_allowed, "This path does not take that method.", {}},
      request_id,
      response
  );
  response.add("Allow", allow);
}

void Problems::render_mcp(
    domain::Denial const& denial,
    json::value const& id,
    std::string_view request_id,
    http::Response& response,
    std::string_view resource
) const {
  auto const& row = row_of(denial.reason);
  Refusal refusal{row.form, row.status, text_of(denial), &denial, resource};
  write_head(refusal, request_id, response);
  auto const* form = form_of(row.form);
  if (form && form->body && !form->rpc) return write_body(refusal, request_id, response);
  response.content_type = kJson;
  mcp::append_error(response.body, id, rpc_error(denial));
}

// MCP leaves codes outside -32768…-32000 to applications, and the HTTP status is what decides; so
// the code is that status, unless a form wants another.
mcp::RpcError Problems::rpc_error(domain::Denial const& denial) const {
  auto const& row = row_of(denial.reason);
  Refusal refusal{row.form, row.status, text_of(denial), &denial};
  auto const* form = form_of(row.form);
  json::object data{{"error", row.name}};
  if (denial.reason == domain::DenialReason::insufficient_scope) {
    data["scope"] = denial.action->scope;
  }
  if (denial.retry_after.count() > 0) data["retry_after"] = denial.retry_after.count();
  mcp::RpcError error{static_cast<mcp::RpcCode>(row.status), refusal.detail};
  if (form && form->rpc) {
    error.code = static_cast<mcp::RpcCode>(form->rpc->code);
    error.message = fill_text(form->rpc->message, refusal.words({}));
  }
  error.data = codec::to_text(data);
  return error;
}

}  // namespace keystead::api
