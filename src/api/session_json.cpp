#include "api/session_json.hpp"

#include <boost/json/array.hpp>

#include "api/json_body.hpp"

namespace keystead::api {

namespace json = boost::json;

json::object describe(domain::Session const& session) {
  return {
      {"id", session.id.text()},
      {"signed_in_by", session.signed_in_by},
      {"address", session.address},
      {"user_agent", session.user_agent},
      {"created_at", format_time(session.created_at)},
      {"last_seen_at", format_time(session.last_seen_at)},
      {"expires_at", format_time(session.expires_at)},
  };
}

json::object describe_whole(
    SignIn const& sign_in, domain::Session const& session, std::string_view cookie
) {
  auto const& parts = sign_in.parts();
  auto out = describe(session);
  out["user_id"] = session.user.text();
  out["csrf_token"] = parts.sessions.csrf_token(cookie);
  out["tenant"] = session.tenant ? json::value(session.tenant->text()) : json::value();
  auto& tenants = out["tenants"].emplace_array();
  for (auto const& place : parts.sessions.places().of(session.user)) {
    tenants.push_back(
        json::object{{"id", place.tenant.text()}, {"role", domain::name_of(place.role)}}
    );
  }
  return out;
}

Result<Proof> read_proof(http::Request const& request) {
  TRY(require_json(request));
  auto members = TRY(read_members(request.body, {"password", "code"}));
  return Proof{Secret(TRY(text_of(members, "password"))), TRY(text_of(members, "code"))};
}

}  // namespace keystead::api
