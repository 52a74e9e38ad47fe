// grant_type=urn:ietf:params:oauth:grant-type:device_code (RFC 8628 §3.4): a device without a
// browser asks again and again whether its person has approved at another screen.
#pragma once

#include "oauth/grants/surroundings.hpp"

namespace keystead::oauth {

TokenResult<TokenAnswer> poll_device_code(GrantSurroundings const& with, GrantCall const& call);

}  // namespace keystead::oauth
