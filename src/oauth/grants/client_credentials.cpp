#include "oauth/grants/client_credentials.hpp"

#include "oauth/checks/resource.hpp"
#include "oauth/checks/scope.hpp"
#include "oauth/grant_event.hpp"

namespace keystead::oauth {
namespace {

// What the token stands on, and all that it may have.
TokenResult<domain::Grant> full_grant(GrantSurroundings const& with, ProvenClient const& proven) {
  domain::Grant grant;
  grant.client = proven.client.id;
  if (proven.key) {
    grant.key = proven.key->key();
    grant.tenant = proven.key->tenant();
    grant.scopes = with.scopes.names(proven.key->scopes());
    return grant;
  }
  auto const& client = proven.client;
  // Attack 59: a public client has no credentials.
  if (client.is_public() || !client.tenant) {
    return refuse(TokenError::unauthorized_client, "This client acts for people only.");
  }
  grant.tenant = client.tenant;
  grant.scopes = client.scopes;
  if (grant.scopes.empty()) {
    for (auto const& scope : with.scopes.all()) grant.scopes.push_back(scope.name);
  }
  return grant;
}

}  // namespace

TokenResult<TokenAnswer> grant_client_credentials(
    GrantSurroundings const& with, GrantCall const& call
) {
  Time now = with.clock.now();
  auto grant = TRY(full_grant(with, call.client));
  grant.scopes =
      TRY(narrow_scope(call.find("scope"), grant.scopes, with.scopes, NoneKnown::refused));
  auto asked = call.request.request.resources();
  if (asked.empty()) asked = {with.resources.front()};
  grant.resources = TRY(narrow_resources(asked, with.resources));
  grant.id = domain::GrantId::mint(with.random, now);
  grant.created_at = now;
  grant.last_used_at = now;
  grant.last_address = call.request.address;
  auto entry = grant_event("grant.client_credentials", grant, call.actor(), now);
  auto standing = with.grants.find_or_add_grant(grant, entry);
  // The key or the tenant ended a moment ago.
  if (!standing) return refuse_client();
  auto end = call.client.key ? call.client.key->expires_at() : Time::max();
  auto token = with.access_tokens.make(
      *standing, {.scopes = grant.scopes, .resources = grant.resources, .not_after = end}
  );
  return TokenAnswer{std::move(token.text), token.lifetime, std::move(grant.scopes)};
}

}  // namespace keystead::oauth
