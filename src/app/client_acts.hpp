// The acts on OAuth clients that an operator enters.
#pragma once

#include <boost/json/object.hpp>

#include "app/installation.hpp"

namespace keystead::app {

// {"name", "redirect_uris"?, "enterprise"?, "tenant"?, "auth"?, "jwks"?, "jwks_uri"?} → the client,
// with "secret" where it has one. With redirect URIs it acts for people, with "enterprise" for
// those whom an issuer sends, with a tenant by itself.
Result<json::value> create_client(Installation& installation, json::object const& arguments);
Result<json::value> list_clients(Installation& installation, json::object const& arguments);
// {"id"} → {"id", "deleted": true}. Its grants have ended.
Result<json::value> delete_client(Installation& installation, json::object const& arguments);

}  // namespace keystead::app
