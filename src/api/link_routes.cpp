#include "api/link_routes.hpp"

#include <boost/json/object.hpp>

#include "api/json_body.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

// JSON: a page of another site cannot send that without being asked about it first (attack 51).
Result<json::object> read_json(
    RouteCall const& call, std::initializer_list<std::string_view> members
) {
  if (call.request.body.empty()) return fail(Code::invalid_request, "the body is missing");
  TRY(require_json(call.request));
  return read_members(call.request.body, members);
}

Result<void> ask(Links const& links, RouteCall const& call, http::Response& response) {
  auto members = TRY(read_json(call, {"email"}));
  auto email = TRY(text_of(members, "email"));
  TRY(links.ask_for_reset(email, call, response));
  write_json(response, 202, json::object{{"accepted", true}});
  return {};
}

Result<void> reset(Links const& links, RouteCall const& call, http::Response& response) {
  auto members = TRY(read_json(call, {"token", "password"}));
  auto token = TRY(text_of(members, "token"));
  Secret const password(TRY(text_of(members, "password")));
  TRY(links.reset_password(token, password, call, response));
  write_json(response, 200, json::object{{"changed", true}});
  return {};
}

Result<void> accept(Links const& links, RouteCall const& call, http::Response& response) {
  auto members = TRY(read_json(call, {"token", "name", "password"}));
  auto token = TRY(text_of(members, "token"));
  auto name = TRY(text_of(members, "name"));
  Secret const password(TRY(text_of(members, "password")));
  auto const& sign_in = links.parts().sign_in;
  if (sign_in.session_of(call)) {
    auto shown = http::find_header(call.request, "X-CSRF-Token").value_or("");
    TRY(require_csrf_token(call.request, sign_in.parts().sessions, shown));
  }
  auto accepted = TRY(links.accept(token, std::move(name), password, call, response));
  write_json(
      response,
      200,
      json::object{
          {"user_id", accepted.user.id.text()},
          {"role", name_of(accepted.membership.role)},
          {"is_new", accepted.is_new},
      }
  );
  return {};
}

}  // namespace

void add_link_routes(std::vector<Route>& routes, Links const& links) {
  auto add = [&](std::string path, auto run, RouteDoc doc) {
    doc.response = {{"type", "object"}};
    ForVisitor serve{[&links, run](auto const& call, auto& response) {
      return run(links, call, response);
    }};
    routes.push_back({http::Method::post, std::move(path), std::move(serve), std::move(doc)});
  };
  add("/api/v1/auth/reset",
      ask,
      {"Have a link to choose a new password sent; the answer is the same for every address",
       202,
       {},
       texts({"email"}),
       {}});
  add("/api/v1/auth/reset/redeem",
      reset,
      {"Choose a new password with such a link's value; ends all sessions",
       200,
       {},
       texts({"token", "password"}),
       {}});
  add("/api/v1/auth/invitations/redeem",
      accept,
      {"Accept an invitation, with a session, or with a name and a password for a new account",
       200,
       {},
       texts({"token"}, {"name", "password"}),
       {}});
}

}  // namespace keystead::api
