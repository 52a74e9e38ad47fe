// grant_type=authorization_code (RFC 6749 §4.1.3): a person has approved, and the client comes for
// the tokens.
#pragma once

#include "oauth/grants/surroundings.hpp"

namespace keystead::oauth {

TokenResult<TokenAnswer> redeem_authorization_code(
    GrantSurroundings const& with, GrantCall const& call
);

}  // namespace keystead::oauth
