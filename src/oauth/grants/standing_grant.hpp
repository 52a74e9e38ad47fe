// Grants for which nobody is asked: the credential that is shown says all. They are made on the
// spot, and there is one for the same terms, however often a script comes.
#pragma once

#include "oauth/grants/surroundings.hpp"

namespace keystead::oauth {

// `full` names the bearer, and in its scopes and resources all that there is to have; what the
// request asks of it is narrowed, and found or written under `event`. Without a resource the first
// one is meant.
TokenResult<domain::Grant> standing_grant(
    GrantSurroundings const& with,
    GrantCall const& call,
    domain::Grant const& full,
    std::string_view event
);

// The same for a grant whose scopes and resources are what it gets.
TokenResult<domain::Grant> keep_standing(
    GrantSurroundings const& with,
    GrantCall const& call,
    domain::Grant grant,
    std::string_view event
);

}  // namespace keystead::oauth
