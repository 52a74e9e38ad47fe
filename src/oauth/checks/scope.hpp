// What of the scopes that are asked for a token gets (RFC 6749 §3.3, §6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/scope.hpp"
#include "oauth/token_error.hpp"

namespace keystead::oauth {

// What a request gets that names scopes, and none that is known here.
enum class NoneKnown { all_granted, refused };

// The names in `asked`, or all of `granted` where it is empty. Unknown ones are passed over:
// clients ask for openid or offline_access anywhere. A known one that the grant does not have is
// refused, since a token never grows (attack 57); one that another implies is had with it.
TokenResult<std::vector<std::string>> narrow_scope(
    std::string_view asked,
    std::vector<std::string> const& granted,
    domain::ScopeCatalog const& catalog,
    NoneKnown none_known
);

// The scopes that both have, where neither is more than a wish: of those that either names, with
// what the other's imply. All of `granted` where `asked` names none that is known.
std::vector<std::string> common_scopes(
    std::string_view asked,
    std::vector<std::string> const& granted,
    domain::ScopeCatalog const& catalog
);

}  // namespace keystead::oauth
