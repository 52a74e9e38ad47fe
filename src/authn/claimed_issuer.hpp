// Whose a token says it is.
#pragma once

#include <string>
#include <string_view>

namespace keystead::authn {

// `iss` of a token that nobody has verified, and so believed by nobody: it chooses whose keys the
// token is tested with, and whose those are is configured. Empty for what is no token.
std::string claimed_issuer(std::string_view token);

}  // namespace keystead::authn
