// What pages show of passkeys and one-time codes.
#pragma once

#include <string_view>

#include "api/html.hpp"
#include "api/sign_in.hpp"

namespace keystead::api {

// On the page on which one signs in; nothing where there are no passkeys. Needs a script, and stays
// hidden without one.
void write_passkey_button(Html& page, SignIn const& sign_in, std::string_view next);

// On the account's page: what it is signed in to with beside the password, and how to change it.
void write_factors(
    Html& page, SignIn const& sign_in, domain::Session const& session, std::string_view csrf_token
);

// Where a code is typed.
void write_code_field(Html& page);

}  // namespace keystead::api
