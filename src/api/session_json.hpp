// A session as JSON, who may ask about one, and what is shown again within one.
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

// A session is asked for what only a person decides: no key and no token of another issuer may.
Result<domain::Session> require_session(SignIn const& sign_in, RouteCall const& call);

// The members `password` and `code` of a body that has no others; the body may be empty.
Result<Proof> read_proof(http::Request const& request);

}  // namespace keystead::api
