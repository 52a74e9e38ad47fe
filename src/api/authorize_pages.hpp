// The authorization endpoint as a person sees it: sign in, read which application asks for what,
// approve or deny.
#pragma once

#include <string>
#include <vector>

#include "api/route.hpp"
#include "api/sign_in.hpp"
#include "authz/address_guard.hpp"
#include "oauth/consents.hpp"

namespace keystead::api {

// What the references refer to outlives the routes.
struct AuthorizeParts {
  SignIn const& sign_in;
  oauth::Consents const& consents;
  domain::ScopeCatalog const& scopes;
  // Counts what strangers make us do: fetch their documents, keep their requests and clients.
  authz::AddressGuard& strangers;
  std::string title;        // of the service
  std::string tenant_noun;  // workspace
};

void add_authorize_pages(std::vector<Route>& routes, AuthorizeParts const& parts);

// Counts one thing more that a stranger makes us do. Code::too_many_requests, with Retry-After,
// where it was too many from this address.
Result<void> count_stranger(
    authz::AddressGuard& strangers, RouteCall const& call, http::Response& response
);

}  // namespace keystead::api
