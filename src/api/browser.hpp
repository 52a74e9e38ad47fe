// Pages for people, and what a browser is told and believed. Pages work without a script; what
// scripts there are come from here.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/html.hpp"
#include "api/route.hpp"
#include "authn/sessions.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace keystead::api {

// A whole page around `body`. It may be shown in no frame (attack 52), loads nothing from
// elsewhere, runs no script that stands in it, and is kept nowhere. Its forms are sent to us only,
// and where their answer leads to another host, `form_target` is the CSP source of that: browsers
// hold redirects to form-action, too.
void write_page(
    http::Response& response,
    int status,
    std::string_view title,
    Html const& body,
    std::string_view form_target = {}
);

// What went wrong, for eyes and screen readers; nothing for an empty text.
void write_alert(Html& page, std::string_view text);

// A form with one button that acts for who is signed in; `name` and `value` are a field of it.
void write_button(
    Html& page,
    std::string_view action,
    std::string_view csrf_token,
    std::string_view label,
    std::string_view name = {},
    std::string_view value = {}
);

// A handler whose failures are pages, too.
ForVisitor as_page(std::function<Result<void>(RouteCall const&, http::Response&)> serve);

// 303: the browser fetches `location`, which is one of our own paths, with GET.
void redirect(http::Response& response, std::string_view location);

// Where a sign-in may lead: a path of ours. The fallback for anything else, above all for what a
// browser would take for another host (attack 44).
std::string safe_next(std::string_view next, std::string_view fallback = "/account");

// The same for the parameter `next` of a page.
std::string next_of(http::Request const& request);

// Where nobody is signed in who should be.
Result<void> to_sign_in(http::Response& response);

// To the minute: 2026-11-22 16:50 UTC.
std::string shown_time(Time time);

// The fields of application/x-www-form-urlencoded. Code::invalid_request for a body that cannot be
// read and for a field that comes twice.
class Form {
 public:
  static Result<Form> read(http::Request const& request);
  // Empty if it is absent.
  std::string const& text(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// The value of the session's cookie; empty if there is none. Whether it is good for anything is for
// authn::Sessions to say.
std::string_view session_cookie(http::Request const& request);
void set_session_cookie(http::Response& response, authn::OpenedSession const& session, Time now);
void clear_session_cookie(http::Response& response);

// Whether the request comes from a page of ours: it names an Origin, and then the gate has found it
// to be allowed (attack 106). A browser sends one with every POST.
Result<void> require_origin(http::Request const& request);

// The same for a form that acts for who is signed in: it must hold the token of the session, too.
Result<void> require_csrf_token(
    http::Request const& request, authn::Sessions const& sessions, std::string_view token
);

// Such a form.
Result<Form> read_own_form(http::Request const& request, authn::Sessions const& sessions);

authn::Browser browser_of(RouteCall const& call);

// /assets/…: style and scripts.
void add_asset_routes(std::vector<Route>& routes);

}  // namespace keystead::api
