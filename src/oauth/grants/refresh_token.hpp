// grant_type=refresh_token (RFC 6749 §6), with rotation (RFC 9700 §4.14.2).
#pragma once

#include "oauth/grants/surroundings.hpp"

namespace keystead::oauth {

// Whoever repeats a request within the window, or shares its refresh token with another process,
// gets the same successor. Any later reuse ends the grant.
TokenResult<TokenAnswer> refresh(GrantSurroundings const& with, GrantCall const& call);

}  // namespace keystead::oauth
