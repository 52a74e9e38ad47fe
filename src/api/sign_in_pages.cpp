// What a person sees who signs in or out.
#include "api/factor_sections.hpp"
#include "api/problem.hpp"
#include "api/sign_in_routes.hpp"
#include "codec/percent.hpp"

namespace keystead::api {
namespace {

class SignInHandlers {
 public:
  SignInHandlers(SignIn const& sign_in, SignInPages pages)
      : sign_in_(sign_in), pages_(std::move(pages)) {}

  Result<void> ask(RouteCall const& call, http::Response& response) const {
    write_sign_in(response, 200, {}, {}, next_of(call.request));
    return {};
  }

  Result<void> take(RouteCall const& call, http::Response& response) const {
    TRY(require_origin(call.request));
    auto form = TRY(Form::read(call.request));
    auto next = safe_next(form.text("next"));
    Secret const password(form.text("password"));
    auto user = sign_in_.prove_password(form.text("email"), password, call, response);
    if (!user) {
      auto const& failure = user.error();
      write_sign_in(
          response, status_of(failure.code), failure.public_text, form.text("email"), next
      );
      return {};
    }
    auto session = TRY(sign_in_.finish_password(*user, call, response));
    redirect(response, session ? next : "/sign-in/code?next=" + codec::percent_encode(next));
    return {};
  }

  Result<void> leave(RouteCall const& call, http::Response& response) const {
    TRY(read_own_form(call.request, sign_in_.parts().sessions));
    sign_in_.sign_out(call, response);
    redirect(response, "/sign-in");
    return {};
  }

  Result<void> account(RouteCall const& call, http::Response& response) const {
    return write_account(call, response, 200, {});
  }

  Result<void> change_password(RouteCall const& call, http::Response& response) const {
    auto form = TRY(read_own_form(call.request, sign_in_.parts().sessions));
    auto session = sign_in_.session_of(call);
    if (!session) return to_sign_in(response);
    Secret const current(form.text("current_password")), wanted(form.text("new_password"));
    auto changed = sign_in_.change_password(*session, current, wanted, call, response);
    if (!changed) {
      auto const& failure = changed.error();
      return write_account(call, response, status_of(failure.code), failure.public_text);
    }
    redirect(response, "/account");
    return {};
  }

  Result<void> choose_tenant(RouteCall const& call, http::Response& response) const {
    auto form = TRY(read_own_form(call.request, sign_in_.parts().sessions));
    auto tenant = domain::TenantId::parse(form.text("tenant"));
    if (!tenant) return fail(Code::not_found, "there is no such tenant");
    auto session = TRY(sign_in_.parts().sessions.rotate(
        session_cookie(call.request), tenant, call.request_id.text()
    ));
    set_session_cookie(response, session, sign_in_.parts().clock.now());
    redirect(response, safe_next(form.text("next")));
    return {};
  }

  Result<void> end_session(RouteCall const& call, http::Response& response) const {
    auto form = TRY(read_own_form(call.request, sign_in_.parts().sessions));
    auto session = sign_in_.session_of(call);
    if (!session) return to_sign_in(response);
    auto& sessions = sign_in_.parts().sessions;
    if (form.text("session") == "others") {
      sessions.revoke_all(session->user, session->id, call.request_id.text());
    } else {
      auto id = domain::SessionId::parse(form.text("session"));
      if (!id) return fail(Code::not_found, "no such session");
      TRY(sessions.revoke(session->user, *id, call.request_id.text()));
    }
    redirect(response, "/account");
    return {};
  }

 private:
  void write_sign_in(
      http::Response& response,
      int status,
      std::string_view alert,
      std::string_view email,
      std::string_view next
  ) const {
    Html page;
    page.markup("<h1>Sign in to ").text(pages_.title).markup("</h1>\n");
    write_alert(page, alert);
    page.markup("<form class=\"narrow\" method=\"post\" action=\"/sign-in\">\n")
        .hidden("next", next);
    page.markup(
            "<label for=\"email\">E-mail address</label>\n"
            "<input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" "
            "maxlength=\"254\" required autofocus value=\""
    )
        .text(email)
        .markup(
            "\">\n<label for=\"password\">Password</label>\n"
            "<input id=\"password\" name=\"password\" type=\"password\" "
            "autocomplete=\"current-password\" maxlength=\"1024\" required>\n"
            "<button class=\"main\">Sign in</button>\n</form>\n"
        );
    if (pages_.sends_mail) page.markup("<p><a href=\"/reset\">Forgot the password?</a></p>\n");
    write_passkey_button(page, sign_in_, next);
    write_ways(page, pages_.providers, next);
    write_page(response, status, "Sign in", page);
  }

  Result<void> write_account(
      RouteCall const& call, http::Response& response, int status, std::string_view alert
  ) const {
    auto session = sign_in_.session_of(call);
    auto user = session ? sign_in_.parts().users.find_user(session->user) : std::nullopt;
    if (!user) return to_sign_in(response);
    auto token = sign_in_.parts().sessions.csrf_token(session_cookie(call.request));
    Html page;
    page.markup("<h1>Your account</h1>\n");
    write_alert(page, alert);
    page.markup("<p>You are signed in to ").text(pages_.title).markup(" as <strong>");
    page.text(user->email.empty() ? user->name : user->email).markup("</strong>.</p>\n");
    write_button(page, "/sign-out", token, "Sign out");
    if (pages_.shows_connections) {
      page.markup("<p><a href=\"/account/connections\">Connected apps</a></p>\n");
    }
    write_tenants(page, *session, token);
    if (user->is_local) write_password(page, token);
    write_factors(page, sign_in_, *session, token);
    write_identities(
        page, pages_.providers, sign_in_.parts().users.list_identities(user->id), token
    );
    write_sessions(page, *session, token);
    write_page(response, status, "Your account", page);
    return {};
  }

  void write_tenants(Html& page, domain::Session const& session, std::string_view token) const {
    auto places = sign_in_.parts().sessions.places().of(session.user);
    page.markup("<h2>Where you act</h2>\n");
    if (places.empty()) {
      page.markup("<p>You do not belong to any ").text(pages_.tenant_noun).markup(" yet.</p>\n");
      return;
    }
    page.markup("<table>\n");
    for (auto const& place : places) {
      auto name = sign_in_.parts().sessions.places().name_of(place.tenant);
      page.markup("<tr><td>").text(name).markup("</td><td>").text(domain::name_of(place.role));
      page.markup("</td><td>");
      if (session.tenant == place.tenant) {
        page.markup("now");
      } else {
        write_button(page, "/account/tenant", token, "Switch", "tenant", place.tenant.text());
      }
      page.markup("</td></tr>\n");
    }
    page.markup("</table>\n");
  }

  static void write_password(Html& page, std::string_view token) {
    page.markup("<h2>Password</h2>\n<form method=\"post\" action=\"/account/password\">\n");
    page.hidden("csrf_token", token);
    page.markup(
        "<label for=\"current_password\">Current password</label>\n"
        "<input id=\"current_password\" name=\"current_password\" type=\"password\" "
        "autocomplete=\"current-password\" maxlength=\"1024\" required>\n"
        "<label for=\"new_password\">New password, 12 letters at least</label>\n"
        "<input id=\"new_password\" name=\"new_password\" type=\"password\" "
        "autocomplete=\"new-password\" minlength=\"12\" maxlength=\"1024\" required>\n"
        "<button>Change the password</button>\n</form>\n"
    );
  }

  void write_sessions(Html& page, domain::Session const& session, std::string_view token) const {
    page.markup(
        "<h2>Where you are signed in</h2>\n<table>\n<tr><th>Browser</th><th>Address</th>"
        "<th>Last seen</th><th></th></tr>\n"
    );
    auto sessions = sign_in_.parts().sessions.list(session.user);
    for (auto const& each : sessions) {
      page.markup("<tr><td>").text(each.user_agent).markup("</td><td>").text(each.address);
      page.markup("</td><td>").text(shown_time(each.last_seen_at)).markup("</td><td>");
      if (each.id == session.id) {
        page.markup("this one");
      } else {
        write_button(page, "/account/sessions/end", token, "End", "session", each.id.text());
      }
      page.markup("</td></tr>\n");
    }
    page.markup("</table>\n");
    if (sessions.size() > 1) {
      write_button(page, "/account/sessions/end", token, "End all others", "session", "others");
    }
  }

  SignIn const& sign_in_;
  SignInPages pages_;
};

}  // namespace

void add_sign_in_pages(
    std::vector<Route>& routes, SignIn const& sign_in, SignInPages const& pages
) {
  using enum http::Method;
  using Handlers = SignInHandlers;
  auto handlers = std::make_shared<Handlers const>(sign_in, pages);
  auto add = [&](http::Method method, std::string path, auto run) {
    auto serve = [handlers, run](auto const& call, auto& response) {
      return ((*handlers).*run)(call, response);
    };
    routes.push_back({method, std::move(path), as_page(serve)});
  };
  add(get, "/sign-in", &Handlers::ask);
  add(post, "/sign-in", &Handlers::take);
  add(post, "/sign-out", &Handlers::leave);
  add(get, "/account", &Handlers::account);
  add(post, "/account/password", &Handlers::change_password);
  add(post, "/account/tenant", &Handlers::choose_tenant);
  add(post, "/account/sessions/end", &Handlers::end_session);
  add_asset_routes(routes);
}

}  // namespace keystead::api
