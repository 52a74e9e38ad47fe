#include "oauth/grants/token_exchange.hpp"

#include <algorithm>

#include "oauth/grants/standing_grant.hpp"

namespace keystead::oauth {
namespace {

constexpr std::string_view kAccessToken = "urn:ietf:params:oauth:token-type:access_token";
constexpr std::string_view kJwt = "urn:ietf:params:oauth:token-type:jwt";
constexpr std::size_t kActorsMax = 8;

bool is_token_type(std::string_view type) {
  return type == kAccessToken || type == kJwt;
}

TokenResult<> check_request(GrantCall const& call) {
  if (call.find("subject_token").empty() || !is_token_type(call.find("subject_token_type"))) {
    return refuse(
        TokenError::invalid_request, "subject_token or its type is missing, or of another type."
    );
  }
  if (!call.find("actor_token").empty()) {
    return refuse(TokenError::invalid_request, "The client itself is the actor.");
  }
  auto wanted = call.find("requested_token_type");
  if (!wanted.empty() && !is_token_type(wanted)) {
    return refuse(TokenError::invalid_request, "Only access tokens are made here.");
  }
  // RFC 8693 §2.1: where the token is meant to be used, by name; ours have no other than their URL.
  auto audience = call.find("audience");
  auto const& ours = call.issuer().resources;
  if (audience.empty() || std::ranges::find(ours, audience) != ours.end()) return {};
  return refuse(TokenError::invalid_target, "audience is not a resource of this server.");
}

// RFC 8693 §2.2.2: whatever is wrong with it.
std::unexpected<TokenRefusal> refuse_subject() {
  return refuse(TokenError::invalid_request, "subject_token is not valid, or not any more.");
}

// Two dots make a token; no key has one. A subject token that is bound to a key is taken from the
// holder of that key alone: RFC 8693 lets anybody ask who has the token, and a thief would get one
// that is bound to his own key, or to none. So what is made of it is bound to the same key, and a
// service that was sent the token cannot exchange it. What is bound to none may be bound now.
authn::Credential credential_of(GrantCall const& call) {
  auto text = call.find("subject_token");
  if (std::ranges::count(text, '.') != 2) return authn::PresentedKey{text};
  return authn::PresentedToken{.text = text, .proven_key = call.key_thumbprint};
}

// Those who exchanged before, the last one first: it is not told of the first grant, which was
// exchanged from none.
TokenResult<std::vector<domain::ClientId>> actors_of(
    store::GrantStore& grants, domain::Grant const& grant
) {
  std::vector<domain::ClientId> actors{grant.client};
  auto before = grant.parent;
  while (before) {
    auto parent = grants.find_grant(*before);
    if (!parent || !parent->parent) break;
    if (actors.size() == kActorsMax) {
      return refuse(TokenError::invalid_request, "The token was exchanged too often.");
    }
    actors.push_back(parent->client);
    before = parent->parent;
  }
  return actors;
}

// Whose the token stays, and all of it.
TokenResult<domain::Grant> full_grant(
    GrantSurroundings const& with, GrantCall const& call, domain::Principal const& subject
) {
  domain::Grant grant;
  grant.client = call.client.client.id;
  grant.tenant = subject.tenant();
  grant.user = subject.user();
  if (subject.key() != domain::KeyId()) grant.key = subject.key();
  // A client's own: the child would not know what it stands on.
  if (!grant.user && !grant.key) {
    return refuse(TokenError::invalid_request, "This token is not exchanged.");
  }
  grant.scopes = with.scopes.names(subject.scopes());
  grant.resources = call.issuer().resources;
  if (auto const* delegation = subject.delegation()) {
    auto parent = with.grants.find_grant(delegation->grant);
    if (!parent || !call.issuer().has_any(parent->resources)) return refuse_subject();
    grant.parent = parent->id;
    grant.resources = parent->resources;
  }
  return grant;
}

}  // namespace

TokenResult<TokenAnswer> exchange_token(GrantSurroundings const& with, GrantCall const& call) {
  TRY(check_request(call));
  auto subject = with.authenticator.authenticate(credential_of(call), call.request.address);
  if (!subject || !call.issuer().is_open_to(subject->tenant())) return refuse_subject();
  auto full = TRY(full_grant(with, call, *subject));
  auto actors = TRY(actors_of(with.grants, full));
  auto grant = TRY(standing_grant(with, call, full, "grant.exchange"));
  auto token = with.access_tokens.make(
      call.issuer(),
      grant,
      {.scopes = grant.scopes,
       .resources = grant.resources,
       .not_after = subject->expires_at(),
       .actors = std::move(actors),
       .key_thumbprint = std::string(call.key_thumbprint)}
  );
  TokenAnswer answer{std::move(token.text), token.lifetime, std::move(grant.scopes)};
  answer.issued_token_type = kAccessToken;
  return answer;
}

}  // namespace keystead::oauth
