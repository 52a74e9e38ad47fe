#include "oauth/grants/client_credentials.hpp"

#include "oauth/grants/standing_grant.hpp"

namespace keystead::oauth {
namespace {

// What the token stands on, and all that it may have.
TokenResult<domain::Grant> full_grant(GrantSurroundings const& with, GrantCall const& call) {
  auto const& proven = call.client;
  domain::Grant grant;
  grant.client = proven.client.id;
  grant.resources = call.issuer().resources;
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
  if (!call.issuer().is_open_to(client.tenant)) {
    return refuse(TokenError::unauthorized_client, "This client acts elsewhere only.");
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
  auto full = TRY(full_grant(with, call));
  auto grant = TRY(standing_grant(with, call, full, "grant.client_credentials"));
  auto end = call.client.key ? call.client.key->expires_at() : Time::max();
  auto token = with.access_tokens.make(
      call.issuer(),
      grant,
      {.scopes = grant.scopes,
       .resources = grant.resources,
       .not_after = end,
       .key_thumbprint = std::string(call.key_thumbprint)}
  );
  return TokenAnswer{std::move(token.text), token.lifetime, std::move(grant.scopes)};
}

}  // namespace keystead::oauth
