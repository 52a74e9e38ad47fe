// Passkeys as JSON, and what a browser is asked for, as WebAuthn Level 3 §5.1.8 and §5.1.9 have it.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "authn/passkeys.hpp"
#include "domain/user.hpp"

namespace keystead::api {

boost::json::object describe(domain::Passkey const& passkey);

// For navigator.credentials.create(): one that the device keeps together with the user, and that it
// does not have yet.
boost::json::object creation_options(
    std::string_view challenge, domain::User const& user, authn::Passkeys const& passkeys
);
// For navigator.credentials.get(), with a challenge of its own: whichever passkey the device has.
boost::json::object request_options(authn::Passkeys const& passkeys);

}  // namespace keystead::api
