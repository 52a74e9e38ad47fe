// What anybody can make us do without being known: fetch documents, keep requests and clients, look
// codes up. Each address may do so much of it (attack 62).
#pragma once

#include "api/route.hpp"
#include "authn/key_event.hpp"
#include "authz/address_guard.hpp"

namespace keystead::api {

// Counts one thing more. Code::too_many_requests, with Retry-After, where it was too many.
Result<void> count_stranger(
    authz::AddressGuard& strangers, RouteCall const& call, http::Response& response
);

// Who does it, for the audit log.
inline authn::Actor actor_of(RouteCall const& call) {
  return {"address:" + std::string(call.address), std::string(call.request_id.text()), {}};
}
inline authn::Actor actor_of(RouteCall const& call, domain::UserId const& user) {
  return {"user:" + user.text(), std::string(call.request_id.text()), {}};
}

}  // namespace keystead::api
