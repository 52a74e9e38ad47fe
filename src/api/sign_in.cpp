#include "api/sign_in.hpp"

#include "authn/user_event.hpp"

namespace keystead::api {
namespace {

authz::Instant now_of_tries() {
  return std::chrono::steady_clock::now();
}

}  // namespace

Result<void> SignIn::count_try(
    std::string_view account, RouteCall const& call, http::Response& response
) const {
  auto wait = parts_.guard.try_now(account, call.address, now_of_tries());
  if (!wait) return {};
  response.add("Retry-After", std::to_string(wait->count()));
  note("sign_in_throttled", call);
  return fail(Code::too_many_requests, "Too many tries. Wait a while and try again.");
}

void SignIn::note(std::string_view reason, RouteCall const& call) const {
  parts_.refusals.note(reason, {call.request, call.address, "/sign-in"}, call.request_id);
}

void SignIn::note_success(std::string_view account, RouteCall const& call) const {
  parts_.guard.note_success(account, call.address, now_of_tries());
}

std::unexpected<Failure> SignIn::refuse(std::string_view reason, RouteCall const& call) const {
  parts_.guard.note_failure(call.address, now_of_tries());
  note(reason, call);
  return fail(Code::unauthorized, "The e-mail address or the password is wrong.");
}

Result<domain::User> SignIn::prove_password(
    std::string_view email, Secret const& password, RouteCall const& call, http::Response& response
) const {
  auto account = domain::parse_email(email).value_or("");
  TRY(count_try(account, call, response));
  auto user = account.empty() ? std::nullopt : parts_.users.find_user_by_email(account);
  auto is_right = TRY(parts_.desk.verify(password, user ? user->password : std::nullopt));
  if (!is_right) return refuse("sign_in", call);
  note_success(account, call);
  // NOLINTNEXTLINE(bugprone-unchecked-optional-access): nobody's password is ever right
  return std::move(*user);
}

Result<authn::OpenedSession> SignIn::finish(
    domain::UserId const& user, std::string_view by, RouteCall const& call, http::Response& response
) const {
  auto session = TRY(parts_.sessions.begin(
      user, by, browser_of(call), session_cookie(call.request), call.request_id.text()
  ));
  set_session_cookie(response, session, parts_.clock.now());
  return session;
}

void SignIn::sign_out(RouteCall const& call, http::Response& response) const {
  parts_.sessions.end(session_cookie(call.request), call.request_id.text());
  clear_session_cookie(response);
}

Result<void> SignIn::renew(
    domain::Session const& session, RouteCall const& call, http::Response& response
) const {
  auto request = call.request_id.text();
  parts_.sessions.revoke_all(session.user, session.id, request);
  auto renewed = TRY(parts_.sessions.rotate(session_cookie(call.request), {}, request));
  set_session_cookie(response, renewed, parts_.clock.now());
  return {};
}

Result<void> SignIn::change_password(
    domain::Session const& session,
    Secret const& current,
    Secret const& wanted,
    RouteCall const& call,
    http::Response& response
) const {
  auto user = parts_.users.find_user(session.user);
  if (!user || !user->is_local) {
    return fail(Code::invalid_request, "This account has no password here.");
  }
  TRY(authn::check_new_password(wanted, user->email));
  TRY(count_try(user->email, call, response));
  bool is_right = TRY(parts_.desk.verify(current, user->password));
  if (!is_right) {
    static_cast<void>(refuse("password_change", call));
    return fail(Code::unauthorized, "The current password is wrong.");
  }
  note_success(user->email, call);
  authn::Actor actor{"user:" + user->id.text(), std::string(call.request_id.text()), {}};
  auto phc = TRY(parts_.desk.hash(wanted));
  TRY(parts_.people.set_password(user->id, phc, session.id, actor));
  return renew(session, call, response);
}

}  // namespace keystead::api
