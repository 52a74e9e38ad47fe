// One-time codes over REST: turning them on and off, and showing one.
#include <boost/json/array.hpp>

#include "api/factors.hpp"
#include "api/json_body.hpp"
#include "api/session_json.hpp"
#include "api/sign_in_routes.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

class TotpHandlers {
 public:
  explicit TotpHandlers(SignIn const& sign_in) : sign_in_(sign_in), factors_(sign_in) {}

  Result<void> show(
      domain::Session const& session, RouteCall const&, http::Response& response
  ) const {
    auto const& codes = sign_in_.parts().codes;
    write_json(
        response,
        200,
        json::object{
            {"on", codes.is_on(session.user)},
            {"recovery_codes_left", codes.recovery_codes_left(session.user)}
        }
    );
    return {};
  }

  Result<void> begin(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    auto proof = TRY(read_proof(call.request));
    auto begun = TRY(factors_.begin_totp({session, call, response}, proof));
    write_json(
        response, 201, json::object{{"secret", begun.secret.reveal()}, {"uri", begun.uri.reveal()}}
    );
    return {};
  }

  Result<void> confirm(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    auto code = TRY(read_code(call.request));
    auto codes = TRY(factors_.confirm_totp({session, call, response}, code));
    json::array shown;
    for (auto const& each : codes) shown.emplace_back(each.reveal());
    write_json(response, 200, json::object{{"recovery_codes", std::move(shown)}});
    return {};
  }

  Result<void> remove(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    auto proof = TRY(read_proof(call.request));
    TRY(factors_.remove_totp({session, call, response}, proof));
    write_json(response, 200, json::object{{"on", false}});
    return {};
  }

  Result<void> sign_in(RouteCall const& call, http::Response& response) const {
    auto code = TRY(read_code(call.request));
    auto session = TRY(sign_in_.finish_code(code, call, response));
    write_json(response, 200, describe_whole(sign_in_, session.record, session.cookie.reveal()));
    return {};
  }

 private:
  // JSON: a page of another site cannot send that without being asked about it first (attack 51).
  static Result<std::string> read_code(http::Request const& request) {
    if (request.body.empty()) return fail(Code::invalid_request, "the body is missing");
    TRY(require_json(request));
    auto members = TRY(read_members(request.body, {"code"}));
    return text_of(members, "code");
  }

  SignIn const& sign_in_;
  Factors factors_;
};

}  // namespace

void add_totp_routes(std::vector<Route>& routes, SignIn const& sign_in) {
  using enum http::Method;
  using Handlers = TotpHandlers;
  auto handlers = std::make_shared<Handlers const>(sign_in);
  json::object const answer{{"type", "object"}};
  auto add = [&](http::Method method,
                 std::string path,
                 auto run,
                 std::string summary,
                 int status = 200,
                 json::object request = {}) {
    ForSession handler{[handlers, run](auto const& session, auto const& call, auto& response) {
      return ((*handlers).*run)(session, call, response);
    }};
    RouteDoc doc{std::move(summary), status, {}, std::move(request), answer};
    routes.push_back({method, std::move(path), std::move(handler), std::move(doc)});
  };
  add(get,
      "/api/v1/auth/totp",
      &Handlers::show,
      "Whether one-time codes are on, and how many recovery codes are left");
  add(post,
      "/api/v1/auth/totp",
      &Handlers::begin,
      "A key for an app. Wants the password or a code, unless the session has just begun",
      201,
      texts({}, {"password", "code"}));
  add(post,
      "/api/v1/auth/totp/confirm",
      &Handlers::confirm,
      "Turn one-time codes on; the recovery codes are shown here and nowhere else. Ends all other "
      "sessions",
      200,
      texts({"code"}));
  add(del,
      "/api/v1/auth/totp",
      &Handlers::remove,
      "Turn them off, by the password or a code; ends all other sessions",
      200,
      texts({}, {"password", "code"}));
  routes.push_back(
      {post,
       "/api/v1/auth/sign-in/code",
       ForVisitor{[handlers](auto const& call, auto& response) {
         return handlers->sign_in(call, response);
       }},
       {"Show the one-time code, or a recovery code, that a sign-in with a password has asked for",
        200,
        {},
        texts({"code"}),
        answer}}
  );
}

}  // namespace keystead::api
