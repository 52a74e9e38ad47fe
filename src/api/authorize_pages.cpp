#include "api/authorize_pages.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace keystead::api {
namespace {

using oauth::RedirectUri;

std::string path_of(std::string_view name) {
  return "/oauth/authorize/" + std::string(name);
}

// Where an answer may go is one of the client's own addresses, which consents have seen to.
void send_to(http::Response& response, std::string_view location) {
  response.status = 303;
  response.add("Location", location);
  response.add("Cache-Control", "no-store");
  response.add("Referrer-Policy", "no-referrer");
}

// The redirect target as a source of CSP, which knows no IPv6 addresses.
std::string form_target(RedirectUri const& uri) {
  switch (uri.kind()) {
    case RedirectUri::Kind::web: return "https://" + std::string(uri.place());
    case RedirectUri::Kind::loopback:
      return uri.place().starts_with('[') ? "http:" : "http://" + std::string(uri.place());
    case RedirectUri::Kind::app: break;
  }
  return std::string(uri.place()) + ":";
}

class AuthorizeHandlers {
 public:
  explicit AuthorizeHandlers(AuthorizeParts parts) : parts_(std::move(parts)) {}

  Result<void> begin(RouteCall const& call, http::Response& response) const {
    TRY(count_stranger(parts_.strangers, call, response));
    auto name = parts_.consents.begin(call.request.query, actor_of(call));
    if (name) {
      redirect(response, path_of(*name));
    } else if (name.error().redirect_uri) {
      send_to(response, parts_.consents.answer(name.error()));
    } else {
      return fail(Code::invalid_request, name.error().text);
    }
    return {};
  }

  Result<void> ask(RouteCall const& call, http::Response& response) const {
    auto name = call.parameters[0];
    auto session = parts_.sign_in.session_of(call);
    if (!session) {
      redirect(response, "/sign-in?next=" + path_of(name));
      return {};
    }
    auto waiting = TRY(parts_.consents.find(name, actor_of(call)));
    auto places = TRY(places_of(session->user));
    auto place = places.size() == 1 ? places.front() : place_among(places, session->tenant);
    if (place && parts_.consents.is_remembered(waiting, session->user, place->tenant)) {
      return go_on(call, response, {session->user, *place, std::string(call.address)});
    }
    write_consent(call, response, waiting, *session, places);
    return {};
  }

  Result<void> decide(RouteCall const& call, http::Response& response) const {
    auto form = TRY(Form::read(call.request));
    auto const& sessions = parts_.sign_in.parts().sessions;
    TRY(require_csrf_token(call.request, sessions, form.text("csrf_token")));
    auto session = parts_.sign_in.session_of(call);
    auto name = call.parameters[0];
    if (!session) return fail(Code::unauthorized, "The sign-in is over. Connect again.");
    if (form.text("decision") != "approve") {
      send_to(response, TRY(parts_.consents.deny(name, actor_of(call, session->user))));
      return {};
    }
    auto places = TRY(places_of(session->user));
    auto place = place_among(places, domain::TenantId::parse(form.text("tenant")));
    if (!place) {
      return fail(Code::invalid_request, "Say in which " + parts_.tenant_noun + " it may act.");
    }
    oauth::Consents::Approval const approval{session->user, *place, std::string(call.address)};
    send_to(response, TRY(parts_.consents.approve(name, approval, actor_of(call, session->user))));
    return {};
  }

 private:
  static authn::Actor actor_of(RouteCall const& call) {
    return {"address:" + std::string(call.address), std::string(call.request_id.text()), {}};
  }
  static authn::Actor actor_of(RouteCall const& call, domain::UserId const& user) {
    return {"user:" + user.text(), std::string(call.request_id.text()), {}};
  }

  Result<std::vector<authn::Place>> places_of(domain::UserId const& user) const {
    auto places = parts_.sign_in.parts().sessions.places().of(user);
    if (!places.empty()) return places;
    return fail(
        Code::forbidden,
        "You do not belong to any " + parts_.tenant_noun + " yet, so there is nothing to allow."
    );
  }

  static std::optional<authn::Place> place_among(
      std::vector<authn::Place> const& places, std::optional<domain::TenantId> const& tenant
  ) {
    auto found = std::ranges::find_if(places, [&](auto const& p) { return tenant == p.tenant; });
    if (found == places.end()) return std::nullopt;
    return *found;
  }

  // Behind a form of ours, that of the sign-in, the browser would hold a redirect to that page's
  // form-action; a page that leads on is none.
  Result<void> go_on(
      RouteCall const& call, http::Response& response, oauth::Consents::Approval const& approval
  ) const {
    auto location =
        TRY(parts_.consents.approve(call.parameters[0], approval, actor_of(call, approval.user)));
    if (!http::find_header(call.request, "Referer")) {
      send_to(response, location);
      return {};
    }
    Html page;
    page.markup("<h1>Connected</h1>\n<p><a href=\"").text(location);
    page.markup("\">Go back to the application</a></p>\n");
    write_page(response, 200, "Connected", page);
    response.add("Refresh", "0;url=" + location);
    return {};
  }

  void write_consent(
      RouteCall const& call,
      http::Response& response,
      oauth::Consents::Waiting const& waiting,
      domain::Session const& session,
      std::vector<authn::Place> const& places
  ) const {
    auto const& client = waiting.client;
    auto name = client.name.empty() ? std::string(waiting.redirect_uri.place()) : client.name;
    Html page;
    page.markup("<h1><strong>").text(name).markup("</strong> wants to use ").text(parts_.title);
    page.markup("</h1>\n<p>You are signed in as <strong>").text(shown_user(session));
    page.markup("</strong>.</p>\n");
    write_origin(page, waiting);
    write_scopes(page, waiting, session, places);
    page.markup("<form class=\"narrow\" method=\"post\" action=\"");
    page.text(path_of(call.parameters[0])).markup("\">\n");
    auto const& sessions = parts_.sign_in.parts().sessions;
    page.hidden("csrf_token", sessions.csrf_token(session_cookie(call.request)));
    write_places(page, session, places);
    page.markup(
        "<button class=\"main\" name=\"decision\" value=\"approve\">Approve</button>\n"
        "<button name=\"decision\" value=\"deny\">Deny</button>\n</form>\n"
    );
    write_page(response, 200, "Approve " + name + "?", page, form_target(waiting.redirect_uri));
  }

  std::string shown_user(domain::Session const& session) const {
    auto user = parts_.sign_in.parts().users.find_user(session.user);
    if (!user) return {};
    return user->email.empty() ? user->name : user->email;
  }

  // What the person can judge the client by: a host that vouches for it, and where the answer goes
  // (MCP 2026-07-28, attack 67).
  static void write_origin(Html& page, oauth::Consents::Waiting const& waiting) {
    auto const& client = waiting.client;
    page.markup("<ul>\n<li>");
    switch (client.origin) {
      case domain::ClientOrigin::configured:
        page.markup("It is known here: the operator has entered it.");
        break;
      case domain::ClientOrigin::metadata_document:
        if (auto url = http::Url::parse(client.id.text())) {
          page.markup("It is an application of <strong>").text(url->authority());
          page.markup("</strong>.");
        }
        break;
      case domain::ClientOrigin::registered:
        page.markup("It has introduced itself; nobody has checked that its name is its own.");
        break;
    }
    page.markup("</li>\n<li>The answer goes to <strong>").text(waiting.redirect_uri.place());
    page.markup("</strong>.</li>\n</ul>\n");
    if (waiting.redirect_uri.kind() != RedirectUri::Kind::web) {
      write_alert(
          page,
          "That is a program on your own device. Approve only if you have just told one to connect."
      );
    }
  }

  void write_scopes(
      Html& page,
      oauth::Consents::Waiting const& waiting,
      domain::Session const& session,
      std::vector<authn::Place> const& places
  ) const {
    auto scopes = waiting.asked.scopes;
    for (auto const& place : places) {
      for (auto const& scope :
           parts_.consents.granted(waiting.client, session.user, place.tenant)) {
        if (std::ranges::find(scopes, scope) == scopes.end()) scopes.push_back(scope);
      }
    }
    page.markup("<h2>It may, as far as you may</h2>\n<ul class=\"scopes\">\n");
    for (auto const& scope : parts_.scopes.all()) {
      if (std::ranges::find(scopes, scope.name) == scopes.end()) continue;
      page.markup("<li>").text(scope.label.empty() ? scope.name : scope.label);
      page.markup(" <code>").text(scope.name).markup("</code></li>\n");
    }
    if (scopes.empty()) page.markup("<li>Everything that you may</li>\n");
    page.markup("</ul>\n");
  }

  void write_places(
      Html& page, domain::Session const& session, std::vector<authn::Place> const& places
  ) const {
    auto const& names = parts_.sign_in.parts().sessions.places();
    if (places.size() == 1) {
      page.markup("<p>In the ").text(parts_.tenant_noun).markup(" <strong>");
      page.text(names.name_of(places.front().tenant)).markup("</strong></p>\n");
      page.hidden("tenant", places.front().tenant.text());
      return;
    }
    page.markup("<label for=\"tenant\">In which ").text(parts_.tenant_noun);
    page.markup("</label>\n<select id=\"tenant\" name=\"tenant\">\n");
    for (auto const& place : places) {
      page.markup("<option value=\"").text(place.tenant.text()).markup("\"");
      if (session.tenant == place.tenant) page.markup(" selected");
      page.markup(">").text(names.name_of(place.tenant)).markup("</option>\n");
    }
    page.markup("</select>\n");
  }

  AuthorizeParts parts_;
};

}  // namespace

void add_authorize_pages(std::vector<Route>& routes, AuthorizeParts const& parts) {
  using enum http::Method;
  using Handlers = AuthorizeHandlers;
  auto handlers = std::make_shared<Handlers const>(parts);
  auto add = [&](http::Method method, std::string path, auto run) {
    auto serve = [handlers, run](auto const& call, auto& response) {
      return ((*handlers).*run)(call, response);
    };
    routes.push_back({method, std::move(path), as_page(serve)});
  };
  add(get, "/oauth/authorize", &Handlers::begin);
  add(get, "/oauth/authorize/{request}", &Handlers::ask);
  add(post, "/oauth/authorize/{request}", &Handlers::decide);
}

Result<void> count_stranger(
    authz::AddressGuard& strangers, RouteCall const& call, http::Response& response
) {
  auto address = domain::Address::parse(call.address);
  auto now = std::chrono::steady_clock::now();
  if (!address) return {};
  if (strangers.is_exhausted(*address, now)) {
    auto wait = strangers.retry_after(*address, now);
    response.add("Retry-After", std::to_string(wait.count()));
    return fail(Code::too_many_requests, "Too many requests from this address. Wait a while.");
  }
  strangers.note_failure(*address, now);
  return {};
}

}  // namespace keystead::api
