// What a REST call gives its collection, as the arguments that the tool of the same action takes:
// rules about arguments hold for both ways in (attack 150).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "authz/authorizer.hpp"
#include "http/request.hpp"
#include "http/router.hpp"

namespace keystead::api {

// `names` are the arguments that the route takes. `id` comes from the path; members of the body and
// parameters of the query go by their names. Refers to all three.
authz::Arguments rest_arguments(
    std::vector<std::string> const& names,
    http::Request const& request,
    std::array<std::string_view, http::Router::kParametersMax> const& parameters
);

}  // namespace keystead::api
