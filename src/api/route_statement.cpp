#include "api/route_statement.hpp"

namespace keystead::api {
namespace {

using Proof = RouteStatement::Proof;

RouteStatement statement_of(ForAnyone const&) {
  return {};
}

RouteStatement statement_of(ForReporter const&) {
  return {
      Proof::signature, nullptr, {"invalid_request", "unauthorized", "unavailable", "internal"}
  };
}

RouteStatement statement_of(ForVisitor const&) {
  return {
      Proof::none,
      nullptr,
      {"invalid_request", "unauthorized", "too_many_requests", "unavailable", "internal"}
  };
}

RouteStatement with_key(domain::Action const* action) {
  RouteStatement statement{
      Proof::key,
      action,
      {"invalid_request",
       "unauthorized",
       "forbidden",
       "too_many_requests",
       "unavailable",
       "internal"}
  };
  if (action) statement.refusals.emplace_back("tenant_required");
  return statement;
}

RouteStatement statement_of(ForPrincipal const&) {
  return with_key(nullptr);
}
RouteStatement statement_of(ForHolder const&) {
  return with_key(nullptr);
}
RouteStatement statement_of(ForSession const&) {
  auto statement = with_key(nullptr);
  statement.proof = Proof::session;
  return statement;
}
RouteStatement statement_of(ForManager const& handler) {
  return with_key(handler.action);
}
RouteStatement statement_of(ForTenant const& handler) {
  return with_key(handler.action);
}
// To those who may ask it answers; for all others it is not there.
RouteStatement statement_of(ForGateway const&) {
  return {};
}

}  // namespace

RouteStatement statement_of(Route const& route) {
  auto statement =
      std::visit([](auto const& handler) { return statement_of(handler); }, route.handler);
  if (statement.proof != Proof::key && statement.proof != Proof::session) return statement;
  using enum http::Method;
  if (route.pattern.contains('{')) statement.refusals.emplace_back("not_found");
  if (!route.doc.request.empty()) statement.refusals.emplace_back("unsupported_media_type");
  if (route.method == post || route.method == put || route.method == patch) {
    statement.refusals.emplace_back("conflict");
  }
  return statement;
}

bool is_closed(domain::Action const& action) {
  using enum domain::Rule::Verdict;
  for (auto const* rule : action.rules) {
    bool is_for_all =
        rule->environments.empty() && rule->kinds.empty() && rule->unless_scope.empty();
    if (rule->verdict == allow || (rule->verdict == deny && is_for_all)) {
      return rule->verdict == deny;
    }
  }
  return false;
}

std::string_view text_of(http::Method method) {
  switch (method) {
    case http::Method::get: return "GET";
    case http::Method::post: return "POST";
    case http::Method::put: return "PUT";
    case http::Method::patch: return "PATCH";
    case http::Method::del: return "DELETE";
    case http::Method::head:
    case http::Method::options:
    case http::Method::other: break;
  }
  return {};
}

}  // namespace keystead::api
