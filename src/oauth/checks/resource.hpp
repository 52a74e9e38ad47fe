// What a token is for (RFC 8707): the resources that it may be shown to, as `aud` names them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oauth/token_error.hpp"

namespace keystead::oauth {

// Scheme and host compare without case (RFC 3986 §6.2.2.1), and clients put a slash at the end, or
// leave it out.
bool is_same_resource(std::string_view ours, std::string_view asked);

// Those of `granted` that are asked for, or all where none is. invalid_target for any other
// (attack 58).
TokenResult<std::vector<std::string>> narrow_resources(
    std::vector<std::string> const& asked, std::vector<std::string> const& granted
);

}  // namespace keystead::oauth
