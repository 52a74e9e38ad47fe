#include "api/auth_routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "api/json_body.hpp"
#include "http/request.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

json::object describe_user(
    domain::User const& user, domain::Principal const& principal, AuthParts const& parts
) {
  json::object out{{"user_id", user.id.text()}};
  auto identities = parts.users.list_identities(user.id);
  if (!identities.empty()) {
    out["subject"] = identities.front().subject();
    out["issuer"] = identities.front().issuer();
  }
  out["email"] = user.email.empty() ? json::value() : json::value(user.email);
  out["name"] = user.name.empty() ? json::value() : json::value(user.name);
  auto role =
      principal.tenant() ? parts.users.find_role(user.id, *principal.tenant()) : std::nullopt;
  out["role"] = role ? json::value(name_of(*role)) : json::value();
  return out;
}

// It names no tenant: callers never see that id.
Result<json::object> describe(domain::Principal const& principal, AuthParts const& parts) {
  json::object out;
  if (principal.user()) {
    auto user = parts.users.find_user(*principal.user());
    if (!user || user->ended_at) {
      return fail(Code::unauthorized, "A valid credential is required.");
    }
    out = describe_user(*user, principal, parts);
  } else {
    out[std::string(principal.bearer_kind()) + "_id"] = principal.bearer_id();
  }
  auto& scopes = out["scopes"].emplace_array();
  for (auto const& name : parts.scopes.names(principal.scopes())) scopes.emplace_back(name);
  auto end = principal.expires_at();
  out["expires_at"] = end == Time::max() ? json::value() : json::value(format_time(end));
  return out;
}

json::object me_schema() {
  json::object properties;
  for (auto const* name :
       {"user_id", "key_id", "client_id", "subject", "issuer", "email", "name", "role"}) {
    properties[name] = {{"type", json::array{"string", "null"}}};
  }
  properties["scopes"] = {{"type", "array"}, {"items", {{"type", "string"}}}};
  properties["expires_at"] = {{"type", json::array{"string", "null"}}};
  return {{"type", "object"}, {"properties", std::move(properties)}};
}

}  // namespace

void add_auth_routes(std::vector<Route>& routes, AuthParts const& parts) {
  using enum http::Method;
  ForHolder me{[parts](auto const& principal, auto const&, auto& response) -> Result<void> {
    write_json(response, 200, TRY(describe(principal, parts)));
    return {};
  }};
  ForHolder verify{[parts](auto const& principal, auto const&, auto& response) -> Result<void> {
    json::object out{{"valid", !principal.is_nobody()}};
    if (!principal.is_nobody()) {
      for (auto& member : TRY(describe(principal, parts))) {
        out[member.key()] = std::move(member.value());
      }
    }
    write_json(response, 200, out);
    return {};
  }};
  auto anybody = [](http::Request const&) { return true; };
  routes.push_back(
      {get, "/api/v1/auth/me", me, RouteDoc{"Who is signed in", 200, {}, {}, me_schema()}}
  );
  for (auto method : {get, post}) {
    Route route{
        method,
        "/api/v1/auth/verify",
        verify,
        RouteDoc{
            "Whether the credential of this request, if it has one, is good",
            200,
            {},
            {},
            {{"type", "object"}, {"required", {"valid"}}}
        }
    };
    route.open_to_strangers = anybody;
    routes.push_back(std::move(route));
  }
}

}  // namespace keystead::api
