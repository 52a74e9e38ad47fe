// Every route of the authorization server that people and new clients see. None of them exists
// where there are API keys only.
#pragma once

#include <vector>

#include "api/authorize_pages.hpp"
#include "api/connection_routes.hpp"
#include "api/device_pages.hpp"
#include "api/oauth_discovery_routes.hpp"
#include "api/registration_routes.hpp"

namespace keystead::api {

// What pointers and references lead to outlives the routes.
struct AuthorizationParts {
  domain::Issuers const& issuers;
  oauth::ServerMetadata metadata;
  oauth::Registration const* registration;  // null: clients cannot register
  AuthorizeParts pages;
  DeviceParts devices;
  ConnectionParts connections;
};

inline void add_authorization_routes(std::vector<Route>& routes, AuthorizationParts const& parts) {
  add_discovery_routes(routes, parts.issuers, parts.metadata);
  if (parts.registration) {
    add_registration_routes(routes, parts.issuers, *parts.registration, parts.pages.strangers);
  }
  add_authorize_pages(routes, parts.pages);
  add_device_pages(routes, parts.devices);
  add_connection_routes(routes, parts.connections);
}

}  // namespace keystead::api
