// What a client asks for, cut down to what there is: scopes and resources, in whichever request
// they come.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/client.hpp"
#include "domain/issuer.hpp"
#include "domain/membership.hpp"
#include "domain/scope.hpp"

namespace keystead::oauth {

// What there is to ask for.
struct AccessRules {
  domain::ScopeCatalog const& scopes;           // outlives the rules
  std::vector<std::string> default_scopes;      // of a request that names none that is known
  std::array<domain::ScopeSet, 4> role_scopes;  // by domain::Role
};

// The known scopes of those named, in the catalogue's order. Clients name scopes of other servers,
// too; those are left out (RFC 6749 §3.3). Empty only if the client may ask for none.
std::vector<std::string> requested_scopes(
    std::string_view scope, domain::Client const& client, AccessRules const& rules
);

// As the issuer writes them. Nothing if one of them is not its own (RFC 8707 §2).
std::optional<std::vector<std::string>> requested_resources(
    std::vector<std::string> const& resources, domain::Issuer const& issuer
);

// Those that a person of this role has, with all that they imply.
std::vector<std::string> scopes_of_role(
    std::vector<std::string> const& scopes, domain::Role role, AccessRules const& rules
);

// Words between spaces.
std::vector<std::string> split_words(std::string_view text);

}  // namespace keystead::oauth
