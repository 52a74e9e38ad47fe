// Signing in and out: from what somebody shows to a session. Every way ends in finish(), which is
// the one place where a browser is given a session.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/browser.hpp"
#include "api/refusals.hpp"
#include "authn/passkeys.hpp"
#include "authn/password_desk.hpp"
#include "authn/second_factor.hpp"
#include "authn/sessions.hpp"
#include "authn/tickets.hpp"
#include "authn/user_authority.hpp"
#include "authz/sign_in_guard.hpp"
#include "store/user_store.hpp"

namespace keystead::api {

// All outlive the object.
struct SignInParts {
  authn::Sessions& sessions;
  authn::PasswordDesk& desk;
  authn::UserAuthority& people;
  authn::SecondFactor& codes;
  authn::Passkeys* passkeys;  // null where browsers make none: the service has no name
  authn::Tickets const& tickets;
  authz::SignInGuard& guard;
  store::UserStore& users;
  Refusals const& refusals;
  Clock const& clock;
};

// How somebody who is signed in shows again who it is: by the password, or a one-time code or a
// recovery code. Empty for what was not shown.
struct Proof {
  Secret password;
  std::string code;
};

// What a browser brings of a passkey, as bytes.
struct PresentedPasskey {
  std::string credential;
  std::string user_handle;
  authn::webauthn::Assertion assertion;
};

// Safe from any thread; waits, and throws store::Broken.
class SignIn {
 public:
  explicit SignIn(SignInParts const& parts) : parts_(parts) {}

  // The user whose e-mail address and password these are. Code::unauthorized in the same words and
  // the same time whatever is wrong, Code::too_many_requests with Retry-After in `response` where
  // the account or the address has had too many tries.
  Result<domain::User> prove_password(
      std::string_view email,
      Secret const& password,
      RouteCall const& call,
      http::Response& response
  ) const;

  // Counts a try at the account, for every other way of proving it; as above.
  Result<void> count_try(
      std::string_view account, RouteCall const& call, http::Response& response
  ) const;
  void note_success(std::string_view account, RouteCall const& call) const;
  // Counts against the caller's address a try that failed.
  void note_failure(RouteCall const& call) const;
  // Records the failure, and gives it back for the answer.
  std::unexpected<Failure> refuse(std::string_view reason, RouteCall const& call) const;

  // For a user who is proven, by `by` as domain::Session::signed_in_by has it: sets the cookie. A
  // password alone may not suffice: finish_password knows.
  Result<authn::OpenedSession> finish(
      domain::UserId const& user,
      std::string_view by,
      RouteCall const& call,
      http::Response& response
  ) const;

  // For a user whose password is proven. No session where a code is asked for next: then a cookie
  // says for five minutes that the password was right.
  Result<std::optional<authn::OpenedSession>> finish_password(
      domain::User const& user, RouteCall const& call, http::Response& response
  ) const;
  // That code. Code::unauthorized also without that cookie.
  Result<authn::OpenedSession> finish_code(
      std::string_view code, RouteCall const& call, http::Response& response
  ) const;
  // Code::not_found where there are no passkeys, otherwise Code::unauthorized in the same words
  // whatever is wrong.
  Result<authn::OpenedSession> finish_passkey(
      PresentedPasskey const& passkey, RouteCall const& call, http::Response& response
  ) const;

  // Whether the session has just begun, so that nobody has to show again who it is.
  bool is_fresh(domain::Session const& session) const;
  // Before what the account is signed in to with is changed. Code::forbidden where nothing is shown
  // and the session is not fresh, Code::unauthorized for what is shown and wrong.
  Result<void> require_owner(
      domain::Session const& session,
      Proof const& proof,
      RouteCall const& call,
      http::Response& response
  ) const;

  // Ends the session of the request, if there is one, and takes its cookie away.
  void sign_out(RouteCall const& call, http::Response& response) const;

  // The session that the request's cookie holds.
  std::optional<domain::Session> session_of(RouteCall const& call) const {
    return parts_.sessions.find(session_cookie(call.request));
  }
  // After a change of what protects the account: the session goes on under another cookie, every
  // other one of the user ends (attack 107).
  Result<void> renew(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const;

  // The session of the request acts in this tenant from now on, if its user may, under another
  // cookie: its rights have changed (attack 107).
  Result<void> move_to(
      domain::TenantId const& tenant, RouteCall const& call, http::Response& response
  ) const;

  // Code::unauthorized for a current password that is wrong; otherwise as check_new_password.
  Result<void> change_password(
      domain::Session const& session,
      Secret const& current,
      Secret const& wanted,
      RouteCall const& call,
      http::Response& response
  ) const;

  SignInParts const& parts() const { return parts_; }

 private:
  // One try at the account, which is right if `prove` says so, and counted.
  Result<bool> try_once(
      domain::User const& user,
      std::string_view what,
      std::function<Result<bool>()> const& prove,
      RouteCall const& call,
      http::Response& response
  ) const;
  void note(std::string_view reason, RouteCall const& call) const;

  SignInParts parts_;
};

}  // namespace keystead::api
