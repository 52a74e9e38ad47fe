// Changing what one signs in with, and the page that asks for a code.
#include "api/factor_sections.hpp"
#include "api/factors.hpp"
#include "api/problem.hpp"
#include "api/sign_in_routes.hpp"

namespace keystead::api {
namespace {

class FactorHandlers {
 public:
  explicit FactorHandlers(SignIn const& sign_in) : sign_in_(sign_in), factors_(sign_in) {}

  Result<void> ask_code(RouteCall const& call, http::Response& response) const {
    write_code_page(response, 200, {}, next_of(call.request));
    return {};
  }

  Result<void> take_code(RouteCall const& call, http::Response& response) const {
    TRY(require_origin(call.request));
    auto form = TRY(Form::read(call.request));
    auto next = safe_next(form.text("next"));
    auto session = sign_in_.finish_code(form.text("code"), call, response);
    if (session) {
      redirect(response, next);
    } else {
      auto const& failure = session.error();
      write_code_page(response, status_of(failure.code), failure.public_text, next);
    }
    return {};
  }

  Result<void> begin_totp(RouteCall const& call, http::Response& response) const {
    auto [form, session] = TRY(read_change(call));
    auto begun = TRY(factors_.begin_totp({session, call, response}, proof_of(form)));
    Html page;
    page.markup("<p>Open <a href=\"").text(begun.uri.reveal());
    page.markup("\">this link</a> on the phone with the app, or type this key into it:</p>\n<p>");
    page.markup("<code>").text(begun.secret.reveal()).markup("</code></p>\n");
    write_confirm_page(response, 200, page, form.text("csrf_token"));
    return {};
  }

  Result<void> confirm_totp(RouteCall const& call, http::Response& response) const {
    auto [form, session] = TRY(read_change(call));
    auto codes = factors_.confirm_totp({session, call, response}, form.text("code"));
    Html page;
    if (!codes) {
      auto const& failure = codes.error();
      write_alert(page, failure.public_text);
      write_confirm_page(response, status_of(failure.code), page, form.text("csrf_token"));
      return {};
    }
    page.markup(
        "<h1>One-time codes are on</h1>\n<p role=\"status\">Keep these recovery codes where you "
        "find them without your phone. Each is good once. They are not shown again.</p>\n<ul>\n"
    );
    for (auto const& code : *codes) {
      page.markup("<li><code>").text(code.reveal()).markup("</code></li>\n");
    }
    page.markup("</ul>\n<p><a href=\"/account\">Your account</a></p>\n");
    write_page(response, 200, "One-time codes are on", page);
    return {};
  }

  Result<void> remove_totp(RouteCall const& call, http::Response& response) const {
    auto [form, session] = TRY(read_change(call));
    TRY(factors_.remove_totp({session, call, response}, proof_of(form)));
    redirect(response, "/account");
    return {};
  }

  Result<void> rename_passkey(RouteCall const& call, http::Response& response) const {
    auto [form, session] = TRY(read_change(call));
    auto id = domain::PasskeyId::parse(form.text("passkey"));
    if (!id) return fail(Code::not_found, "no such passkey");
    TRY(factors_.rename_passkey({session, call, response}, *id, form.text("name")));
    redirect(response, "/account");
    return {};
  }

  Result<void> remove_passkey(RouteCall const& call, http::Response& response) const {
    auto [form, session] = TRY(read_change(call));
    auto id = domain::PasskeyId::parse(form.text("passkey"));
    if (!id) return fail(Code::not_found, "no such passkey");
    TRY(factors_.remove_passkey({session, call, response}, *id, proof_of(form)));
    redirect(response, "/account");
    return {};
  }

 private:
  struct Change {
    Form form;
    domain::Session session;
  };

  Result<Change> read_change(RouteCall const& call) const {
    auto form = TRY(read_own_form(call.request, sign_in_.parts().sessions));
    auto session = sign_in_.session_of(call);
    if (!session) return fail(Code::unauthorized, "You are not signed in any more.");
    return Change{std::move(form), std::move(*session)};
  }

  static Proof proof_of(Form const& form) {
    return {Secret(form.text("password")), form.text("code")};
  }

  static void write_code_page(
      http::Response& response, int status, std::string_view alert, std::string_view next
  ) {
    Html page;
    page.markup("<h1>One-time code</h1>\n");
    write_alert(page, alert);
    page.markup("<form class=\"narrow\" method=\"post\" action=\"/sign-in/code\">\n");
    page.hidden("next", next);
    write_code_field(page);
    page.markup(
        "<button class=\"main\">Sign in</button>\n</form>\n"
        "<p class=\"quiet\"><a href=\"/sign-in\">Begin again</a></p>\n"
    );
    write_page(response, status, "One-time code", page);
  }

  static void write_confirm_page(
      http::Response& response, int status, Html const& before, std::string_view csrf_token
  ) {
    Html page;
    page.markup("<h1>Turn on one-time codes</h1>\n").add(before);
    page.markup("<form class=\"narrow\" method=\"post\" action=\"/account/totp/confirm\">\n");
    page.hidden("csrf_token", csrf_token);
    page.markup(
        "<label for=\"code\">The code that the app shows</label>\n"
        "<input id=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" "
        "maxlength=\"6\" required autofocus>\n<button class=\"main\">Turn on</button>\n</form>\n"
    );
    write_page(response, status, "Turn on one-time codes", page);
  }

  SignIn const& sign_in_;
  Factors factors_;
};

}  // namespace

void add_factor_pages(std::vector<Route>& routes, SignIn const& sign_in) {
  using enum http::Method;
  using Handlers = FactorHandlers;
  auto handlers = std::make_shared<Handlers const>(sign_in);
  auto add = [&](http::Method method, std::string path, auto run) {
    auto serve = [handlers, run](auto const& call, auto& response) {
      return ((*handlers).*run)(call, response);
    };
    routes.push_back({method, std::move(path), as_page(serve)});
  };
  add(get, "/sign-in/code", &Handlers::ask_code);
  add(post, "/sign-in/code", &Handlers::take_code);
  add(post, "/account/totp/begin", &Handlers::begin_totp);
  add(post, "/account/totp/confirm", &Handlers::confirm_totp);
  add(post, "/account/totp/remove", &Handlers::remove_totp);
  if (!sign_in.parts().passkeys) return;
  add(post, "/account/passkeys/rename", &Handlers::rename_passkey);
  add(post, "/account/passkeys/remove", &Handlers::remove_passkey);
}

}  // namespace keystead::api
