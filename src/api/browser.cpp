#include "api/browser.hpp"

#include <algorithm>
#include <span>

#include "api/problem.hpp"
#include "authn/credential.hpp"
#include "codec/percent.hpp"
#include "http/cookie.hpp"
#include "http/media_type.hpp"

namespace keystead::api {

extern std::span<std::pair<std::string_view, std::string_view> const> const kAssets;

void write_page(
    http::Response& response,
    int status,
    std::string_view title,
    Html const& body,
    std::string_view form_target
) {
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body =
      Html()
          .markup(
              "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<link rel=\"stylesheet\" href=\"/assets/page.css\">\n<title>"
          )
          .text(title)
          .markup("</title>\n</head>\n<body>\n<main>\n")
          .add(body)
          .markup("</main>\n</body>\n</html>\n")
          .str();
  std::string policy =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src "
      "'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
  if (!form_target.empty()) policy.append(" ").append(form_target);
  response.add("Content-Security-Policy", policy);
  response.add("X-Frame-Options", "DENY");
  response.add("X-Content-Type-Options", "nosniff");
  // Not no-referrer: with that a browser names no origin in the forms of the page.
  response.add("Referrer-Policy", "same-origin");
  response.add("Cache-Control", "no-store");
}

void write_alert(Html& page, std::string_view text) {
  if (text.empty()) return;
  page.markup("<p role=\"alert\">").text(text).markup("</p>\n");
}

void write_button(
    Html& page,
    std::string_view action,
    std::string_view csrf_token,
    std::string_view label,
    std::string_view name,
    std::string_view value
) {
  page.markup("<form method=\"post\" action=\"").text(action).markup("\">");
  page.hidden("csrf_token", csrf_token);
  if (!name.empty()) page.hidden(name, value);
  page.markup("<button>").text(label).markup("</button></form>\n");
}

ForVisitor as_page(std::function<Result<void>(RouteCall const&, http::Response&)> serve) {
  return {[serve = std::move(serve)](RouteCall const& call, http::Response& response) {
    auto served = serve(call, response);
    if (served) return served;
    Html page;
    page.markup("<h1>That did not work</h1>\n");
    write_alert(page, served.error().public_text);
    page.markup("<p><a href=\"/account\">Your account</a></p>\n<p class=\"quiet\">Request ");
    page.text(call.request_id.text()).markup("</p>\n");
    write_page(response, status_of(served.error().code), "That did not work", page);
    return Result<void>();
  }};
}

void redirect(http::Response& response, std::string_view location) {
  response.status = 303;
  response.add("Location", location);
  response.add("Cache-Control", "no-store");
}

std::string safe_next(std::string_view next, std::string_view fallback) {
  constexpr std::size_t kBytesMax = 2048;
  bool is_path = next.starts_with('/') && !next.starts_with("//") && next.size() <= kBytesMax;
  bool is_plain =
      std::ranges::all_of(next, [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
  return std::string(is_path && is_plain ? next : fallback);
}

std::string next_of(http::Request const& request) {
  auto pairs = codec::parse_pairs(request.query);
  if (!pairs) return safe_next({});
  for (auto const& [name, value] : *pairs) {
    if (name == "next") return safe_next(value);
  }
  return safe_next({});
}

Result<void> to_sign_in(http::Response& response) {
  redirect(response, "/sign-in?next=/account");
  return {};
}

std::string shown_time(Time time) {
  auto text = format_time(time);
  return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

Result<Form> Form::read(http::Request const& request) {
  auto type = http::find_header(request, "Content-Type").value_or("");
  if (!http::is_media_type(type, "application/x-www-form-urlencoded")) {
    return fail(Code::unsupported_media_type, "The body must be a form.");
  }
  auto pairs = codec::parse_pairs(request.body);
  if (!pairs) return fail(Code::invalid_request, "The form cannot be read.");
  Form form;
  for (auto& field : *pairs) {
    if (std::ranges::find(form.fields_, field.first, &decltype(form.fields_)::value_type::first) !=
        form.fields_.end()) {
      return fail(Code::invalid_request, "A field of the form comes twice.");
    }
    form.fields_.push_back(std::move(field));
  }
  return form;
}

std::string const& Form::text(std::string_view name) const {
  static std::string const kNone;
  for (auto const& [field, value] : fields_) {
    if (field == name) return value;
  }
  return kNone;
}

std::string_view session_cookie(http::Request const& request) {
  return http::find_cookie(request, authn::kSessionCookie).value_or("");
}

void set_session_cookie(http::Response& response, authn::OpenedSession const& session, Time now) {
  http::set_cookie(
      response,
      authn::kSessionCookie,
      session.cookie.reveal(),
      std::chrono::floor<std::chrono::seconds>(session.record.expires_at - now)
  );
}

void clear_session_cookie(http::Response& response) {
  http::clear_cookie(response, authn::kSessionCookie);
}

Result<void> require_origin(http::Request const& request) {
  if (http::find_header(request, "Origin")) return {};
  return fail(Code::forbidden, "This form must be sent from a page of this service.");
}

Result<void> require_csrf_token(
    http::Request const& request, authn::Sessions const& sessions, std::string_view token
) {
  TRY(require_origin(request));
  if (sessions.is_csrf_token(session_cookie(request), token)) return {};
  return fail(Code::forbidden, "This form is not one of this session; load the page again.");
}

Result<Form> read_own_form(http::Request const& request, authn::Sessions const& sessions) {
  auto form = TRY(Form::read(request));
  TRY(require_csrf_token(request, sessions, form.text("csrf_token")));
  return form;
}

authn::Browser browser_of(RouteCall const& call) {
  return {call.address, http::find_header(call.request, "User-Agent").value_or("")};
}

void add_asset_routes(std::vector<Route>& routes) {
  for (auto const& [name, text] : kAssets) {
    std::string_view type =
        name.ends_with(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
    routes.push_back(
        {http::Method::get,
         "/assets/" + std::string(name),
         ForAnyone([type, content = text](auto const&, auto& response) {
           response.content_type = type;
           response.body = content;
           response.add("X-Content-Type-Options", "nosniff");
           response.add("Cache-Control", "max-age=300");
         })}
    );
  }
}

}  // namespace keystead::api
