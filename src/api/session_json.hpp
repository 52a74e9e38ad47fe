// A session as JSON, and what is shown again within one.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "api/sign_in.hpp"

namespace keystead::api {

boost::json::object describe(domain::Session const& session);

// What a program of the browser has to know of the session. The token is another one after each
// sign-in, with the cookie.
boost::json::object describe_whole(
    SignIn const& sign_in, domain::Session const& session, std::string_view cookie
);

// The members `password` and `code` of a body that has no others; the body may be empty.
Result<Proof> read_proof(http::Request const& request);

}  // namespace keystead::api
