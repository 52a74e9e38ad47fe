#include "api/authorize_pages.hpp"

#include "api/issuer_routes.hpp"
#include "oauth/metadata.hpp"

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

// Where the decision may lead, as sources of CSP. Browsers hold form-action against every redirect
// that follows, and where its own address leads on to is the client's matter: a page that says that
// all is well, often of another host.
std::string form_target(RedirectUri const& uri) {
  switch (uri.kind()) {
    case RedirectUri::Kind::web: return "https:";
    case RedirectUri::Kind::loopback: return "http: https:";
    case RedirectUri::Kind::app: break;
  }
  return std::string(uri.place()) + ":";
}

class AuthorizeHandlers {
 public:
  explicit AuthorizeHandlers(AuthorizeParts const& parts) : parts_(parts) {}

  Result<void> begin(
      domain::Issuer const& issuer, RouteCall const& call, http::Response& response
  ) const {
    TRY(count_stranger(parts_.strangers, call, response));
    auto name = parts_.consents.begin(issuer, call.request.query, actor_of(call));
    if (name) {
      redirect(response, path_of(*name));
    } else if (name.error().redirect_uri) {
      send_to(response, oauth::with_error(name.error(), issuer.url));
    } else {
      bool is_for_now = name.error().error == "temporarily_unavailable";
      return fail(is_for_now ? Code::unavailable : Code::invalid_request, name.error().text);
    }
    return {};
  }

  Result<void> ask(RouteCall const& call, http::Response& response) const {
    auto name = call.parameters[0];
    auto session = parts_.form.sign_in().session_of(call);
    if (!session) {
      redirect(response, "/sign-in?next=" + path_of(name));
      return {};
    }
    auto waiting = TRY(parts_.consents.find(name, actor_of(call)));
    auto places = TRY(parts_.form.places_of(session->user, waiting.issuer));
    auto tenant = session->tenant ? session->tenant->text() : std::string();
    auto place = places.size() == 1 ? places.front() : parts_.form.chosen(places, tenant);
    // HEAD approves nothing (RFC 9110 §9.2.1).
    bool may_go_on = place && call.request.method == http::Method::get;
    if (may_go_on && parts_.consents.is_remembered(waiting, session->user, *place)) {
      return go_on(call, response, {session->user, *place, std::string(call.address)});
    }
    write_question(call, response, waiting, *session, places);
    return {};
  }

  Result<void> decide(RouteCall const& call, http::Response& response) const {
    auto form = TRY(Form::read(call.request));
    auto const& sign_in = parts_.form.sign_in();
    TRY(require_csrf_token(call.request, sign_in.parts().sessions, form.text("csrf_token")));
    auto session = sign_in.session_of(call);
    if (!session) return fail(Code::unauthorized, "The sign-in is over. Connect again.");
    auto name = call.parameters[0];
    auto actor = actor_of(call, session->user);
    if (form.text("decision") != "approve") {
      send_to(response, TRY(parts_.consents.deny(name, actor)));
      return {};
    }
    auto waiting = TRY(parts_.consents.find(name, actor));
    auto places = TRY(parts_.form.places_of(session->user, waiting.issuer));
    auto place = TRY(parts_.form.chosen(places, form.text("tenant")));
    oauth::Consents::Approval const approval{session->user, place, std::string(call.address)};
    send_to(response, TRY(parts_.consents.approve(name, approval, actor)));
    return {};
  }

 private:
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

  void write_question(
      RouteCall const& call,
      http::Response& response,
      oauth::Consents::Waiting const& waiting,
      domain::Session const& session,
      std::vector<authn::Place> const& places
  ) const {
    auto const& [asked, issuer, client, redirect_uri] = waiting;
    Html details;
    details.markup("<li>The answer goes to <strong>").text(redirect_uri.place());
    details.markup("</strong>.</li>\n");
    if (redirect_uri.kind() != RedirectUri::Kind::web) {
      details.markup("<li role=\"alert\">That is a program on your own device. Approve only if ");
      details.markup("you have just told one to connect.</li>\n");
    }
    auto scopes = asked.scopes;
    for (auto const& place : places) {
      for (auto const& scope : parts_.consents.granted(waiting, session.user, place.tenant)) {
        scopes.push_back(scope);
      }
    }
    auto name = client.name.empty() ? redirect_uri.place() : std::string_view(client.name);
    auto page = parts_.form.question(
        {client, name, scopes, session, places},
        details,
        path_of(call.parameters[0]),
        {},
        call.request
    );
    write_page(response, 200, "Approve?", page, form_target(redirect_uri));
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
  add_issuer_routes(
      routes,
      parts.issuers,
      {get, oauth::kAuthorizePath},
      [handlers](auto const& issuer, auto const& call, auto& response) {
        return handlers->begin(issuer, call, response);
      },
      as_page
  );
  add(get, "/oauth/authorize/{request}", &Handlers::ask);
  add(post, "/oauth/authorize/{request}", &Handlers::decide);
}

}  // namespace keystead::api
