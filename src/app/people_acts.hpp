// The acts on people.
#pragma once

#include <boost/json/object.hpp>

#include "app/installation.hpp"

namespace keystead::app {

// {"email", "tenant", "role"?, "password"?, "issuer"?, "subject"?} → {"id", "email", "tenant",
// "role"}
Result<json::value> create_user(Installation& installation, json::object const& arguments);

// {"tenant"?} → users, with their roles where a tenant is named.
Result<json::value> list_users(Installation& installation, json::object const& arguments);

// {"id"} → {"id", "ended": true}
Result<json::value> end_user(Installation& installation, json::object const& arguments);

// These give the one copy of a link, and send no mail.
// {"email", "tenant", "role"?} → {"email", "tenant", "role", "link", "expires_at"}
Result<json::value> invite_user(Installation& installation, json::object const& arguments);
// {"email"} → {"email", "link", "expires_at"}
Result<json::value> reset_user_password(Installation& installation, json::object const& arguments);

}  // namespace keystead::app
