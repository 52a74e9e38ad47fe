#include "oauth/grants/surroundings.hpp"

#include "oauth/checks/resource.hpp"
#include "oauth/checks/scope.hpp"

namespace keystead::oauth {

authn::Actor GrantCall::actor() const {
  std::string name =
      client.key ? "key:" + client.key->key().text() : "client:" + client.client.id.text();
  return {std::move(name), std::string(request.request_id), {}};
}

TokenResult<> check_within(
    GrantSurroundings const& with, GrantCall const& call, domain::Grant const& grant
) {
  TRY(narrow_scope(call.find("scope"), grant.scopes, with.scopes, NoneKnown::all_granted));
  TRY(narrow_resources(call.request.request.resources(), grant.resources));
  return {};
}

TokenResult<TokenAnswer> make_answer(
    GrantSurroundings const& with, GrantCall const& call, domain::Grant const& grant
) {
  auto scopes =
      TRY(narrow_scope(call.find("scope"), grant.scopes, with.scopes, NoneKnown::all_granted));
  auto resources = TRY(narrow_resources(call.request.request.resources(), grant.resources));
  auto token = with.access_tokens.make(
      call.issuer(),
      grant,
      {.scopes = scopes, .resources = resources, .key_thumbprint = std::string(call.key_thumbprint)}
  );
  return TokenAnswer{std::move(token.text), token.lifetime, std::move(scopes)};
}

}  // namespace keystead::oauth
