#include "oauth/grants/standing_grant.hpp"

#include "oauth/checks/resource.hpp"
#include "oauth/checks/scope.hpp"
#include "oauth/grant_event.hpp"

namespace keystead::oauth {

TokenResult<domain::Grant> standing_grant(
    GrantSurroundings const& with,
    GrantCall const& call,
    domain::Grant const& full,
    std::string_view event
) {
  auto grant = full;
  grant.scopes =
      TRY(narrow_scope(call.find("scope"), full.scopes, with.scopes, NoneKnown::refused));
  auto asked = call.request.request.resources();
  if (asked.empty()) asked = {full.resources.front()};
  grant.resources = TRY(narrow_resources(asked, full.resources));
  return keep_standing(with, call, std::move(grant), event);
}

TokenResult<domain::Grant> keep_standing(
    GrantSurroundings const& with,
    GrantCall const& call,
    domain::Grant grant,
    std::string_view event
) {
  Time now = with.clock.now();
  grant.created_at = now;
  // The record is written for the first request of many.
  if (auto alike = with.grants.find_alike(grant)) return std::move(*alike);
  grant.id = domain::GrantId::mint(with.random, now);
  grant.last_used_at = now;
  grant.last_address = call.request.address;
  auto entry = grant_event(event, grant, call.actor(), now);
  auto standing = with.grants.find_or_add_grant(grant, entry);
  if (standing) return std::move(*standing);
  if (standing.error().code == Code::too_many_requests) {
    return refuse(
        TokenError::invalid_request,
        "The credential has too many tokens that differ in client_id, scope or resource: ask for "
        "one of them again."
    );
  }
  // What it stands on has ended a moment ago.
  return refuse_grant();
}

}  // namespace keystead::oauth
