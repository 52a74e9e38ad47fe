// grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer (RFC 7523 §2.1) with an identity assertion
// (ID-JAG): the person's own issuer has allowed it, so nobody is asked here. No refresh token: the
// client comes with the next assertion, or the issuer gives none.
#pragma once

#include "oauth/grants/surroundings.hpp"

namespace keystead::oauth {

// REQUIRES: surroundings that take assertions.
TokenResult<TokenAnswer> accept_identity_assertion(
    GrantSurroundings const& with, GrantCall const& call
);

}  // namespace keystead::oauth
