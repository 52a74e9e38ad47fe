// grant_type=urn:ietf:params:oauth:grant-type:token-exchange (RFC 8693): an API key, an access
// token of ours, or one of an issuer that is trusted becomes an access token that may do less, and
// that ends with what it came from.
#pragma once

#include "oauth/grants/surroundings.hpp"

namespace keystead::oauth {

TokenResult<TokenAnswer> exchange_token(GrantSurroundings const& with, GrantCall const& call);

}  // namespace keystead::oauth
