// keystead import keys: keys that exist elsewhere, of which only hashes are known.
#pragma once

#include <boost/json/object.hpp>

#include "app/installation.hpp"

namespace keystead::app {

// {"keys": text, "dry_run": bool} → {"imported": n, "dry_run": …, "keys": [{"id", "name", …}]}. The
// text is a JSON array, or one object on a line:
//
//   {"tenant": ID, "name": …, "hash": "sha256:HEX", "scopes": […], "prefix": …, "environment": …,
//    "expires_at": …, "kind": …}
//
// or "hash": "hmac-sha256:HEX" with "pepper_version" for what another installation with the same
// pepper holds. Code::invalid_request names every key that is refused, and then none is imported.
Result<json::value> import_keys(Installation& installation, json::object const& arguments);

}  // namespace keystead::app
