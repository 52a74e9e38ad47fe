// What the type of a route's handler says of the route, for the documents.
#pragma once

#include <string_view>
#include <vector>

#include "api/route.hpp"

namespace keystead::api {

struct RouteStatement {
  enum class Proof { none, signature, key, session };

  Proof proof = Proof::none;
  domain::Action const* action = nullptr;    // that the caller must be allowed; may be null
  std::vector<std::string_view> refusals{};  // names of those that it may be answered with
};

RouteStatement statement_of(Route const& route);

// Whether a rule denies it to everybody: there is nothing to tell about it then.
bool is_closed(domain::Action const& action);

// What every route of the REST interface begins with.
inline constexpr std::string_view kRestPrefix = "/api/v1/";

// GET as OpenAPI and a command line write it; empty for methods that neither lists.
std::string_view text_of(http::Method method);

}  // namespace keystead::api
