// Claims of a verified token, by the paths that the configuration names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "domain/membership.hpp"

namespace keystead::authn {

// The text at the first of the paths that is there: "org_id", or "o.id" for id in o, where no claim
// is called "o.id" as a whole. Empty if none is, or it is no text.
std::string_view find_claim(
    boost::json::object const& claims, std::vector<std::string> const& paths
);

// The thumbprint of the key that a token is bound to (RFC 9449 §6.1, cnf.jkt); empty for none.
std::string_view confirmed_key(boost::json::object const& claims);

// The role of ours that an issuer's name for one stands for: admin, org:admin. Issuers have roles
// of their own beside; what is unknown may read.
domain::Role role_of_issuer(std::string_view name);

}  // namespace keystead::authn
