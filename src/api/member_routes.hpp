// Who belongs to the tenant, for the people who run it: keys are of no help here, whatever they may
// do, since who comes in is for a person to answer for.
#pragma once

#include <string>
#include <vector>

#include "api/route.hpp"
#include "authn/link_authority.hpp"
#include "authn/mail_queue.hpp"
#include "authn/place.hpp"
#include "authn/user_authority.hpp"
#include "store/once_store.hpp"
#include "store/user_store.hpp"

namespace keystead::api {

// What is referred to outlives the routes.
struct MemberParts {
  domain::Action const* manage;
  store::UserStore& users;
  store::OnceStore& once;
  authn::Places places;
  authn::UserAuthority& people;
  authn::LinkAuthority& links;
  authn::MailQueue& mail;
  Clock const& clock;
  std::string url;      // of the service, without a slash at the end
  std::string service;  // as people call it
};

void add_member_routes(std::vector<Route>& routes, MemberParts const& parts);

}  // namespace keystead::api
