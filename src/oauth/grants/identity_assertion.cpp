#include "oauth/grants/identity_assertion.hpp"

#include "oauth/checks/resource.hpp"
#include "oauth/checks/scope.hpp"
#include "oauth/grants/standing_grant.hpp"

namespace keystead::oauth {
namespace {

// §8.1 of the draft: for confidential clients. A document at the client's id is the same to the
// issuer and to us, so that the issuer knows whom it means (§5 of the MCP extension).
TokenResult<> check_client(domain::Client const& client) {
  if (!client.is_public() || client.origin == domain::ClientOrigin::metadata_document) return {};
  return refuse(TokenError::unauthorized_client, "A client without credentials asks its person.");
}

}  // namespace

TokenResult<TokenAnswer> accept_identity_assertion(
    GrantSurroundings const& with, GrantCall const& call
) {
  auto assertion = call.find("assertion");
  if (assertion.empty()) return refuse(TokenError::invalid_request, "assertion is missing.");
  auto const& client = call.client.client;
  TRY(check_client(client));
  auto access = TRY(with.assertions->accept(
      assertion, {call.issuer(), client, call.key_thumbprint}, with.clock.now()
  ));
  auto asked = call.request.request.resources();
  if (asked.empty()) asked = {access.resources.front()};
  domain::Grant grant;
  grant.client = client.id;
  grant.user = access.person.user;
  grant.tenant = access.person.tenant;
  grant.resources = TRY(narrow_resources(asked, access.resources));
  grant.scopes = common_scopes(call.find("scope"), access.scopes, with.scopes);
  if (grant.scopes.empty() && !with.scopes.all().empty()) {
    return refuse(TokenError::invalid_scope, "The person may do nothing of what is asked for.");
  }
  grant = TRY(keep_standing(with, call, std::move(grant), "grant.identity_assertion"));
  auto token = with.access_tokens.make(
      call.issuer(),
      grant,
      {.scopes = grant.scopes,
       .resources = grant.resources,
       .key_thumbprint = std::string(call.key_thumbprint)}
  );
  return TokenAnswer{std::move(token.text), token.lifetime, std::move(grant.scopes)};
}

}  // namespace keystead::oauth
