#include <boost/json/array.hpp>

#include "api/json_body.hpp"
#include "api/session_json.hpp"
#include "api/sign_in_routes.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

class SessionHandlers {
 public:
  explicit SessionHandlers(SignIn const& sign_in) : sign_in_(sign_in) {}

  // JSON: a page of another site cannot send that without being asked about it first (attack 51).
  Result<void> begin(RouteCall const& call, http::Response& response) const {
    if (call.request.body.empty()) return fail(Code::invalid_request, "the body is missing");
    TRY(require_json(call.request));
    auto members = TRY(read_members(call.request.body, {"email", "password"}));
    auto email = TRY(text_of(members, "email"));
    Secret const password(TRY(text_of(members, "password")));
    auto user = TRY(sign_in_.prove_password(email, password, call, response));
    auto session = TRY(sign_in_.finish_password(user, call, response));
    if (!session) {
      write_json(response, 202, json::object{{"next", "/api/v1/auth/sign-in/code"}});
      return {};
    }
    write_json(response, 200, describe_whole(sign_in_, session->record, session->cookie.reveal()));
    return {};
  }

  Result<void> end(domain::Session const&, RouteCall const& call, http::Response& response) const {
    sign_in_.sign_out(call, response);
    write_json(response, 200, json::object{{"signed_out", true}});
    return {};
  }

  Result<void> show(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    write_json(response, 200, describe_whole(sign_in_, session, session_cookie(call.request)));
    return {};
  }

  Result<void> choose_tenant(
      domain::Session const&, RouteCall const& call, http::Response& response
  ) const {
    TRY(require_json(call.request));
    auto members = TRY(read_members(call.request.body, {"tenant"}));
    auto tenant = domain::TenantId::parse(TRY(text_of(members, "tenant")));
    if (!tenant) return fail(Code::not_found, "there is no such tenant");
    auto& sessions = sign_in_.parts().sessions;
    auto session =
        TRY(sessions.rotate(session_cookie(call.request), tenant, call.request_id.text()));
    set_session_cookie(response, session, sign_in_.parts().clock.now());
    write_json(response, 200, describe_whole(sign_in_, session.record, session.cookie.reveal()));
    return {};
  }

  Result<void> list(
      domain::Session const& session, RouteCall const&, http::Response& response
  ) const {
    json::array items;
    for (auto const& each : sign_in_.parts().sessions.list(session.user)) {
      auto item = describe(each);
      item["current"] = each.id == session.id;
      items.push_back(std::move(item));
    }
    write_json(response, 200, json::object{{"items", std::move(items)}});
    return {};
  }

  Result<void> revoke(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    auto id = domain::SessionId::parse(call.parameters[0]);
    if (!id) return fail(Code::not_found, "no such session");
    TRY(sign_in_.parts().sessions.revoke(session.user, *id, call.request_id.text()));
    write_json(response, 200, json::object{{"id", id->text()}, {"ended", true}});
    return {};
  }

  Result<void> revoke_others(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    auto ended =
        sign_in_.parts().sessions.revoke_all(session.user, session.id, call.request_id.text());
    write_json(response, 200, json::object{{"ended", ended}});
    return {};
  }

  Result<void> change_password(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    TRY(require_json(call.request));
    auto members = TRY(read_members(call.request.body, {"current_password", "new_password"}));
    Secret const current(TRY(text_of(members, "current_password")));
    Secret const wanted(TRY(text_of(members, "new_password")));
    TRY(sign_in_.change_password(session, current, wanted, call, response));
    write_json(response, 200, json::object{{"changed", true}});
    return {};
  }

 private:
  SignIn const& sign_in_;
};

}  // namespace

void add_session_routes(std::vector<Route>& routes, SignIn const& sign_in) {
  using enum http::Method;
  using Handlers = SessionHandlers;
  auto handlers = std::make_shared<Handlers const>(sign_in);
  json::object const answer{{"type", "object"}};
  auto held = [&](auto run) {
    return ForSession{[handlers, run](auto const& session, auto const& call, auto& response) {
      return ((*handlers).*run)(session, call, response);
    }};
  };
  routes.push_back(
      {post,
       "/api/v1/auth/sign-in",
       ForVisitor{[handlers](auto const& call, auto& response) {
         return handlers->begin(call, response);
       }},
       {"Sign in with an e-mail address and a password; the session comes as a cookie. 202 where a "
        "one-time code is asked for next",
        200,
        {},
        texts({"email", "password"}),
        answer}}
  );
  routes.push_back(
      {post,
       "/api/v1/auth/sign-out",
       held(&Handlers::end),
       {"End the session of this request", 200, {}, {}, answer}}
  );
  routes.push_back(
      {get,
       "/api/v1/auth/session",
       held(&Handlers::show),
       {"The session of this request, and the token that changes need in X-CSRF-Token",
        200,
        {},
        {},
        answer}}
  );
  routes.push_back(
      {put,
       "/api/v1/auth/session/tenant",
       held(&Handlers::choose_tenant),
       {"Act in another tenant, of those that the user belongs to",
        200,
        {},
        texts({"tenant"}),
        answer}}
  );
  routes.push_back(
      {get,
       "/api/v1/auth/sessions",
       held(&Handlers::list),
       {"The sessions of who is signed in", 200, {}, {}, answer}}
  );
  routes.push_back(
      {del,
       "/api/v1/auth/sessions",
       held(&Handlers::revoke_others),
       {"End all sessions but this one", 200, {}, {}, answer}}
  );
  routes.push_back(
      {del,
       "/api/v1/auth/sessions/{id}",
       held(&Handlers::revoke),
       {"End a session", 200, {}, {}, answer}}
  );
  routes.push_back(
      {put,
       "/api/v1/auth/password",
       held(&Handlers::change_password),
       {"Change the password; ends all other sessions",
        200,
        {},
        texts({"current_password", "new_password"}),
        answer}}
  );
}

}  // namespace keystead::api
