#include "api/sign_in.hpp"

#include "http/cookie.hpp"

namespace keystead::api {
namespace {

constexpr std::chrono::minutes kFreshFor{10};
// Holds a ticket between the password and the code, in the browser that the password came from.
constexpr std::string_view kStepCookie = "__Host-keystead-step";

std::unexpected<Failure> wrong_password() {
  return fail(Code::unauthorized, "The current password is wrong.");
}
std::unexpected<Failure> wrong_code() {
  return fail(Code::unauthorized, "The code is wrong, or was used already.");
}

authz::Instant now_of_tries() {
  return std::chrono::steady_clock::now();
}

// What the guard counts tries at.
std::string account_of(domain::User const& user) {
  return user.is_local ? user.email : "user:" + user.id.text();
}

authn::FactorChange use_by(domain::UserId const& user, RouteCall const& call) {
  return {user, {}, std::string(call.request_id.text())};
}

// As it is stored.
std::string password_of(domain::User const& user) {
  return user.password ? std::string(user.password->reveal()) : std::string();
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

void SignIn::note_failure(RouteCall const& call) const {
  parts_.guard.note_failure(call.address, now_of_tries());
}

std::unexpected<Failure> SignIn::refuse(std::string_view reason, RouteCall const& call) const {
  note_failure(call);
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
  if (!is_right || !user) return refuse("sign_in", call);  // nobody's password is ever right
  if (parts_.codes.is_on(user->id)) {
    parts_.guard.take_back(account, call.address, now_of_tries());
  } else {
    note_success(account, call);
  }
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

Result<bool> SignIn::try_once(
    domain::User const& user,
    std::string_view what,
    std::function<Result<bool>()> const& prove,
    RouteCall const& call,
    http::Response& response
) const {
  TRY(count_try(account_of(user), call, response));
  bool is_right = TRY(prove());
  if (is_right) {
    note_success(account_of(user), call);
  } else {
    static_cast<void>(refuse(what, call));
  }
  return is_right;
}

Result<std::optional<authn::OpenedSession>> SignIn::finish_password(
    domain::User const& user, RouteCall const& call, http::Response& response
) const {
  if (!parts_.codes.is_on(user.id)) return TRY(finish(user.id, "password", call, response));
  auto ticket = parts_.tickets.issue(authn::TicketPurpose::second_step, user.id, password_of(user));
  http::set_cookie(response, kStepCookie, ticket, authn::kTicketLifetime);
  return std::nullopt;
}

Result<authn::OpenedSession> SignIn::finish_code(
    std::string_view code, RouteCall const& call, http::Response& response
) const {
  using enum authn::TicketPurpose;
  auto ticket = http::find_cookie(call.request, kStepCookie).value_or("");
  // Whoever has set another password meanwhile did so because this one is known to somebody.
  auto held = [&](domain::UserId const& bearer) {
    auto found = parts_.users.find_user(bearer);
    return found ? password_of(*found) : std::string();
  };
  auto id = TRY(parts_.tickets.read(ticket, second_step, held)).value_or(domain::UserId());
  auto user = parts_.users.find_user(id);
  if (!user) return fail(Code::unauthorized, "Sign in with the password first.");
  auto prove = [&] { return parts_.codes.accept(use_by(id, call), code); };
  if (!TRY(try_once(*user, "second_step", prove, call, response))) return wrong_code();
  TRY(parts_.tickets.redeem(ticket, second_step, held));
  http::clear_cookie(response, kStepCookie);
  return finish(id, "password+code", call, response);
}

Result<authn::OpenedSession> SignIn::finish_passkey(
    PresentedPasskey const& passkey, RouteCall const& call, http::Response& response
) const {
  auto const refused = fail(Code::unauthorized, "The passkey is not accepted.");
  if (!parts_.passkeys) return fail(Code::not_found, "There are no passkeys here.");
  auto owner = parts_.passkeys->owner_of(passkey.credential);
  auto user = owner ? parts_.users.find_user(*owner) : std::nullopt;
  auto account = user ? account_of(*user) : std::string();
  TRY(count_try(account, call, response));
  auto proven = parts_.passkeys->prove(passkey.credential, passkey.user_handle, passkey.assertion);
  if (!proven) {
    static_cast<void>(refuse("passkey", call));
    return refused;
  }
  note_success(account, call);
  return finish(*proven, "passkey", call, response);
}

bool SignIn::is_fresh(domain::Session const& session) const {
  return parts_.clock.now() < session.created_at + kFreshFor;
}

Result<void> SignIn::require_owner(
    domain::Session const& session,
    Proof const& proof,
    RouteCall const& call,
    http::Response& response
) const {
  auto user = parts_.users.find_user(session.user);
  if (!user) return fail(Code::not_found, "no such user");
  if (!proof.password.empty()) {
    auto prove = [&] { return parts_.desk.verify(proof.password, user->password); };
    if (!TRY(try_once(*user, "password_again", prove, call, response))) return wrong_password();
    return {};
  }
  if (!proof.code.empty()) {
    auto prove = [&] { return parts_.codes.accept(use_by(user->id, call), proof.code); };
    if (!TRY(try_once(*user, "code_again", prove, call, response))) return wrong_code();
    return {};
  }
  if (is_fresh(session)) return {};
  return fail(Code::forbidden, "Show the password again, or sign in again, to change this.");
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

Result<void> SignIn::move_to(
    domain::TenantId const& tenant, RouteCall const& call, http::Response& response
) const {
  auto cookie = session_cookie(call.request);
  auto session = parts_.sessions.find(cookie);
  bool may = session && parts_.sessions.places().find(session->user, tenant);
  auto moved = TRY(parts_.sessions.rotate(
      cookie, may ? std::optional(tenant) : std::nullopt, call.request_id.text()
  ));
  set_session_cookie(response, moved, parts_.clock.now());
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
  auto prove = [&] { return parts_.desk.verify(current, user->password); };
  if (!TRY(try_once(*user, "password_change", prove, call, response))) return wrong_password();
  authn::Actor actor{"user:" + user->id.text(), std::string(call.request_id.text()), {}};
  auto phc = TRY(parts_.desk.hash(wanted));
  TRY(parts_.people.set_password(user->id, phc, session.id, actor));
  return renew(session, call, response);
}

}  // namespace keystead::api
