#include "api/consent_form.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace keystead::api {
namespace {

// What the person can judge the client by (MCP 2026-07-28, attack 67).
void write_origin(Html& page, domain::Client const& client) {
  switch (client.origin) {
    case domain::ClientOrigin::configured:
      page.markup("<li>It is known here: the operator has entered it.</li>\n");
      break;
    case domain::ClientOrigin::metadata_document:
      if (auto url = http::Url::parse(client.id.text())) {
        page.markup("<li>It is an application of <strong>").text(url->authority());
        page.markup("</strong>.</li>\n");
      }
      break;
    case domain::ClientOrigin::registered:
      page.markup("<li>It has introduced itself; nobody has checked that its name is its own.");
      page.markup("</li>\n");
      break;
  }
}

}  // namespace

Html ConsentForm::question(
    Question const& question,
    Html const& details,
    std::string_view action,
    Html const& fields,
    http::Request const& request
) const {
  Html page;
  page.markup("<h1><strong>").text(question.name).markup("</strong> wants to use ");
  page.text(parts_.title).markup("</h1>\n<p>You are signed in as <strong>");
  page.text(shown_user(question.session)).markup("</strong>.</p>\n<ul>\n");
  write_origin(page, question.client);
  page.add(details).markup("</ul>\n");
  write_scopes(page, question.scopes);
  page.markup("<form class=\"narrow\" method=\"post\" action=\"").text(action).markup("\">\n");
  auto const& sessions = parts_.sign_in.parts().sessions;
  page.hidden("csrf_token", sessions.csrf_token(session_cookie(request))).add(fields);
  write_places(page, question);
  page.markup(
      "<button class=\"main\" name=\"decision\" value=\"approve\">Approve</button>\n"
      "<button name=\"decision\" value=\"deny\">Deny</button>\n</form>\n"
  );
  return page;
}

Result<std::vector<authn::Place>> ConsentForm::places_of(
    domain::UserId const& user, domain::Issuer const& issuer
) const {
  auto const& all = parts_.sign_in.parts().sessions.places();
  if (issuer.tenant) {
    if (auto place = all.find(user, *issuer.tenant)) return std::vector{*place};
    return fail(
        Code::forbidden,
        "The application connects to a " + parts_.tenant_noun +
            " that you do not belong to. Sign in as somebody who does, or ask for an invitation."
    );
  }
  auto places = all.of(user);
  if (!places.empty()) return places;
  return fail(
      Code::forbidden,
      "You do not belong to any " + parts_.tenant_noun + " yet, so there is nothing to allow."
  );
}

Result<authn::Place> ConsentForm::chosen(
    std::vector<authn::Place> const& places, std::string_view tenant
) const {
  auto id = domain::TenantId::parse(tenant);
  auto found = std::ranges::find_if(places, [&](auto const& place) { return id == place.tenant; });
  if (found != places.end()) return *found;
  return fail(Code::invalid_request, "Say in which " + parts_.tenant_noun + " it may act.");
}

std::string ConsentForm::shown_user(domain::Session const& session) const {
  auto user = parts_.sign_in.parts().users.find_user(session.user);
  if (!user) return {};
  return user->email.empty() ? user->name : user->email;
}

void ConsentForm::write_scopes(Html& page, std::vector<std::string> const& scopes) const {
  page.markup("<h2>It may, as far as you may</h2>\n<ul>\n");
  for (auto const& scope : parts_.scopes.all()) {
    if (std::ranges::find(scopes, scope.name) == scopes.end()) continue;
    page.markup("<li>").text(scope.label.empty() ? scope.name : scope.label);
    page.markup(" <code>").text(scope.name).markup("</code></li>\n");
  }
  if (scopes.empty()) page.markup("<li>Everything that you may</li>\n");
  page.markup("</ul>\n");
}

// A question only where there is a choice.
void ConsentForm::write_places(Html& page, Question const& question) const {
  auto const& names = parts_.sign_in.parts().sessions.places();
  auto const& places = question.places;
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
    if (question.session.tenant == place.tenant) page.markup(" selected");
    page.markup(">").text(names.name_of(place.tenant)).markup("</option>\n");
  }
  page.markup("</select>\n");
}

}  // namespace keystead::api
