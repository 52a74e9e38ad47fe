// What a person sees who opens a link from a mail, or asks for one.
#include "api/link_routes.hpp"
#include "api/problem.hpp"

namespace keystead::api {
namespace {

using domain::LinkPurpose;

void write_new_password(Html& page) {
  page.markup(
      "<label for=\"password\">New password, 12 letters at least</label>\n"
      "<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"new-password\" "
      "minlength=\"12\" maxlength=\"1024\" required>\n"
  );
}

class LinkPages {
 public:
  explicit LinkPages(Links const& links) : links_(links) {}

  Result<void> ask(RouteCall const&, http::Response& response) const {
    write_ask(response, 200, {});
    return {};
  }

  Result<void> take_request(RouteCall const& call, http::Response& response) const {
    TRY(require_origin(call.request));
    auto form = TRY(Form::read(call.request));
    if (auto asked = links_.ask_for_reset(form.text("email"), call, response); !asked) {
      write_ask(response, status_of(asked.error().code), asked.error().public_text);
      return {};
    }
    Html page;
    page.markup(
        "<h1>Look into your mail</h1>\n<p role=\"status\">If there is an account of this address, "
        "a link to choose a new password is on its way.</p>\n"
    );
    write_page(response, 200, "Look into your mail", page);
    return {};
  }

  Result<void> show_reset(RouteCall const& call, http::Response& response) const {
    return write_reset(call, response, 200, {});
  }

  Result<void> reset(RouteCall const& call, http::Response& response) const {
    TRY(require_origin(call.request));
    auto form = TRY(Form::read(call.request));
    Secret const password(form.text("password"));
    auto done = links_.reset_password(call.parameters[0], password, call, response);
    if (!done && done.error().code == Code::invalid_request) {
      return write_reset(call, response, 400, done.error().public_text);
    }
    TRY(std::move(done));
    redirect(response, "/sign-in");
    return {};
  }

  Result<void> show_invitation(RouteCall const& call, http::Response& response) const {
    return write_invitation(call, response, 200, {}, {});
  }

  Result<void> accept(RouteCall const& call, http::Response& response) const {
    TRY(require_origin(call.request));
    auto form = TRY(Form::read(call.request));
    auto const& sign_in = links_.parts().sign_in;
    if (sign_in.session_of(call)) {
      auto const& token = form.text("csrf_token");
      TRY(require_csrf_token(call.request, sign_in.parts().sessions, token));
    }
    Secret const password(form.text("password"));
    auto done = links_.accept(call.parameters[0], form.text("name"), password, call, response);
    if (!done && done.error().code == Code::invalid_request) {
      return write_invitation(call, response, 400, done.error().public_text, form.text("name"));
    }
    TRY(std::move(done));
    redirect(response, "/account");
    return {};
  }

 private:
  static void write_ask(http::Response& response, int status, std::string_view alert) {
    Html page;
    page.markup("<h1>Choose a new password</h1>\n");
    write_alert(page, alert);
    page.markup(
        "<form class=\"narrow\" method=\"post\" action=\"/reset\">\n"
        "<label for=\"email\">E-mail address</label>\n"
        "<input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" "
        "maxlength=\"254\" required autofocus>\n"
        "<button class=\"main\">Send me a link</button>\n</form>\n"
    );
    write_page(response, status, "Choose a new password", page);
  }

  // The form goes to where it came from, which is the link.
  Result<void> write_reset(
      RouteCall const& call, http::Response& response, int status, std::string_view alert
  ) const {
    auto link = TRY(links_.look_at(LinkPurpose::reset, call.parameters[0], call, response));
    Html page;
    page.markup("<h1>Choose a new password</h1>\n");
    write_alert(page, alert);
    page.markup("<p>For <strong>").text(link.email).markup("</strong>. You will be signed out ");
    page.markup("everywhere.</p>\n<form class=\"narrow\" method=\"post\">\n");
    write_new_password(page);
    page.markup("<button class=\"main\">Set the password</button>\n</form>\n");
    write_page(response, status, "Choose a new password", page);
    return {};
  }

  Result<void> write_invitation(
      RouteCall const& call,
      http::Response& response,
      int status,
      std::string_view alert,
      std::string_view name
  ) const {
    auto link = TRY(links_.look_at(LinkPurpose::invitation, call.parameters[0], call, response));
    auto const& sign_in = links_.parts().sign_in;
    auto tenant = link.tenant.value_or(domain::TenantId());
    auto role = link.role.value_or(domain::Role::read_only);
    Html page;
    page.markup("<h1>You are invited</h1>\n");
    write_alert(page, alert);
    page.markup("<p>Join <strong>").text(sign_in.parts().sessions.places().name_of(tenant));
    page.markup("</strong> on ").text(links_.parts().service).markup(" as ");
    page.text(name_of(role)).markup(".</p>\n");
    if (auto session = sign_in.session_of(call)) {
      write_join(page, *session, call);
    } else if (links_.is_for_a_user(link)) {
      page.markup("<p>There is an account of <strong>").text(link.email);
      page.markup("</strong> already.</p>\n");
      write_sign_in(page, "Sign in to join", call);
    } else {
      write_newcomer(page, link.email, name);
      page.markup("<p>Or do you have another account here?</p>\n");
      write_sign_in(page, "Join with that", call);
    }
    write_page(response, status, "You are invited", page);
    return {};
  }

  static void write_sign_in(Html& page, std::string_view label, RouteCall const& call) {
    page.markup("<p><a class=\"button\" href=\"/sign-in?next=").text(call.request.path);
    page.markup("\">").text(label).markup("</a></p>\n");
  }

  void write_join(Html& page, domain::Session const& session, RouteCall const& call) const {
    auto const& parts = links_.parts().sign_in.parts();
    auto user = parts.users.find_user(session.user);
    page.markup("<p>You are signed in as <strong>");
    if (user) page.text(user->email.empty() ? user->name : user->email);
    page.markup("</strong>.</p>\n");
    auto token = parts.sessions.csrf_token(session_cookie(call.request));
    write_button(page, call.request.path, token, "Join");
  }

  static void write_newcomer(Html& page, std::string_view email, std::string_view name) {
    page.markup("<form class=\"narrow\" method=\"post\">\n<p>You will sign in as <strong>");
    page.text(email).markup("</strong>.</p>\n<label for=\"name\">Your name</label>\n");
    page.markup(
            "<input id=\"name\" name=\"name\" autocomplete=\"name\" maxlength=\"200\" required "
            "autofocus value=\""
    )
        .text(name)
        .markup("\">\n");
    write_new_password(page);
    page.markup("<button class=\"main\">Join</button>\n</form>\n");
  }

  Links const& links_;
};

}  // namespace

void add_link_pages(std::vector<Route>& routes, Links const& links) {
  using enum http::Method;
  auto pages = std::make_shared<LinkPages const>(links);
  auto add = [&](http::Method method, std::string path, auto run) {
    auto serve = [pages, run](auto const& call, auto& response) {
      return ((*pages).*run)(call, response);
    };
    routes.push_back({method, std::move(path), as_page(serve)});
  };
  add(get, "/reset", &LinkPages::ask);
  add(post, "/reset", &LinkPages::take_request);
  add(get, "/reset/{link}", &LinkPages::show_reset);
  add(post, "/reset/{link}", &LinkPages::reset);
  add(get, "/invitation/{link}", &LinkPages::show_invitation);
  add(post, "/invitation/{link}", &LinkPages::accept);
}

}  // namespace keystead::api
