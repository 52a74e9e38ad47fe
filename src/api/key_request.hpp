// What the bodies of requests about keys say, read strictly: an unknown member is a mistake that is
// named.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "authn/key_authority.hpp"

namespace keystead::api {

// {"name", "scopes", "environment", "expires_at" | "expires_in", "addresses", "kind"}. The tenant
// is not among them: it is the caller's (attack 7).
Result<authn::NewKey> read_new_key(
    std::string_view body, Time now, std::vector<std::string> const& default_scopes
);

// {"name", "scopes", "tools", "arguments": {"status": ["open"]}, "expires_at" | "expires_in"}
Result<authn::Narrowing> read_narrowing(std::string_view body, Time now);

// {"name"}
Result<std::string> read_name(std::string_view body);

// {"overlap": "24h"} or no body, which is no overlap.
Result<std::chrono::seconds> read_overlap(std::string_view body);

}  // namespace keystead::api
