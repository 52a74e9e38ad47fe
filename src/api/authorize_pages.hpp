// The authorization endpoint as a person sees it: sign in, read which application asks for what,
// approve or deny.
#pragma once

#include <vector>

#include "api/consent_form.hpp"
#include "api/route.hpp"
#include "api/strangers.hpp"
#include "oauth/consents.hpp"

namespace keystead::api {

// All outlive the routes.
struct AuthorizeParts {
  domain::Issuers const& issuers;
  ConsentForm const& form;
  oauth::Consents const& consents;
  authz::AddressGuard& strangers;
};

void add_authorize_pages(std::vector<Route>& routes, AuthorizeParts const& parts);

}  // namespace keystead::api
