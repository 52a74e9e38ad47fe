#include "oauth/token_inspection.hpp"

#include "oauth/access_tokens.hpp"
#include "oauth/grant_event.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

// RFC 7662 §2.2: no more is said of a token that is not active.
json::object inactive() {
  return {{"active", false}};
}

bool may_look(TokenCall const& call, ProvenClient const& asking, domain::Grant const& grant) {
  if (!call.issuer.has_any(grant.resources)) return false;
  if (asking.owns(grant)) return true;
  bool is_entered = asking.is_ours && asking.client.origin == domain::ClientOrigin::configured;
  return is_entered && asking.client.tenant && asking.client.tenant == grant.tenant;
}

std::string joined(std::vector<std::string> const& scopes) {
  std::string text;
  for (auto const& scope : scopes) text.append(text.empty() ? "" : " ").append(scope);
  return text;
}

std::int64_t seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::optional<domain::RefreshToken> TokenInspection::find_refresh_token(
    std::string_view text, Time now
) const {
  for (int version : parts_.digester.versions()) {
    auto digest = parts_.refresh_tokens.digest(text, version);
    if (auto token = parts_.grants.find_refresh_token(digest, now)) return token;
  }
  return std::nullopt;
}

std::optional<domain::GrantId> TokenInspection::grant_of(std::string_view text, Time now) const {
  if (parts_.own_tokens.is_claimed(text)) {
    auto known = parts_.own_tokens.read(text, now);
    return known ? std::optional(known->grant.id) : std::nullopt;
  }
  auto token = find_refresh_token(text, now);
  return token ? std::optional(token->grant) : std::nullopt;
}

TokenResult<> TokenInspection::revoke(TokenCall const& call) const {
  auto client = TRY(parts_.authentication.prove(call));
  auto text = call.request.find("token");
  if (text.empty()) return refuse(TokenError::invalid_request, "token is missing.");
  Time now = parts_.clock.now();
  auto id = grant_of(text, now);
  auto grant = id ? parts_.grants.find_grant(*id) : std::nullopt;
  bool is_its_own = grant && client.owns(*grant) && call.issuer.has_any(grant->resources);
  if (!is_its_own || grant->ended_at) return {};
  authn::Actor actor{"client:" + client.client.id.text(), std::string(call.request_id), {}};
  auto ended = parts_.grants.end_grant(*id, now, grant_event("grant.revoke", *grant, actor, now));
  if (ended) parts_.forget(*ended);
  return {};
}

json::object TokenInspection::describe_access(
    authn::OwnTokens::Known const& known, TokenCall const& call, ProvenClient const& asking
) const {
  Time now = parts_.clock.now();
  auto standing = parts_.own_tokens.standing_of(known, now);
  if (!standing || standing->expires_at <= now) return inactive();
  if (!may_look(call, asking, known.grant)) return inactive();
  auto const& claims = known.token->claims();
  bool is_key_bound = claims.contains("cnf");
  json::object out{{"active", true}, {"token_type", is_key_bound ? "DPoP" : "Bearer"}};
  for (auto name : {"iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti", "act", "cnf"}) {
    if (auto const* claim = claims.if_contains(name)) out[name] = *claim;
  }
  // What it can do now: a role may have become less since it was made.
  if (out.contains("scope")) out["scope"] = joined(parts_.own_tokens.scopes_of(known, *standing));
  return out;
}

json::object TokenInspection::describe_refresh(
    domain::RefreshToken const& token, TokenCall const& call, ProvenClient const& asking
) const {
  auto grant = parts_.grants.find_grant(token.grant);
  if (!grant || grant->ended_at || token.used_at) return inactive();
  if (!may_look(call, asking, *grant)) return inactive();
  return {
      {"active", true},
      {"sub", subject_of(*grant)},
      {"client_id", grant->client.text()},
      {"scope", joined(grant->scopes)},
      {"iat", seconds_of(token.issued_at)},
      {"exp", seconds_of(token.expires_at)},
  };
}

TokenResult<json::object> TokenInspection::introspect(TokenCall const& call) const {
  auto client = TRY(parts_.authentication.prove(call));
  if (!client.is_confidential()) return refuse_client();
  auto text = call.request.find("token");
  if (text.empty()) return refuse(TokenError::invalid_request, "token is missing.");
  Time now = parts_.clock.now();
  if (parts_.own_tokens.is_claimed(text)) {
    auto known = parts_.own_tokens.read(text, now);
    return known ? describe_access(*known, call, client) : inactive();
  }
  auto token = find_refresh_token(text, now);
  return token ? describe_refresh(*token, call, client) : inactive();
}

}  // namespace keystead::oauth
