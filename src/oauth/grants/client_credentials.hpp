// grant_type=client_credentials (RFC 6749 §4.4): no person is there. A client acts in the tenant
// that an operator gave it; a script that shows an API key gets what the key has, for as long as
// the key lives. No refresh token: the credentials are one.
#pragma once

#include "oauth/grants/surroundings.hpp"

namespace keystead::oauth {

TokenResult<TokenAnswer> grant_client_credentials(
    GrantSurroundings const& with, GrantCall const& call
);

}  // namespace keystead::oauth
