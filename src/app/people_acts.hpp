// The acts on people.
#pragma once

#include <boost/json/object.hpp>

#include "app/installation.hpp"

namespace keystead::app {

// {"email", "tenant", "role"?, "password"?, "issuer"?, "subject"?} → {"id", "email", "tenant",
// "role"}
Result<json::value> create_user(Installation& installation, json::object const& arguments);

}  // namespace keystead::app
