#include "api/connection_routes.hpp"

#include <boost/json/array.hpp>

#include "api/json_body.hpp"
#include "api/strangers.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

class ConnectionHandlers {
 public:
  explicit ConnectionHandlers(ConnectionParts const& parts) : parts_(parts) {}

  Result<void> list(
      domain::Session const& session, RouteCall const&, http::Response& response
  ) const {
    json::array items;
    for (auto const& each : parts_.connections.list(session.user)) items.push_back(describe(each));
    write_json(response, 200, json::object{{"items", std::move(items)}});
    return {};
  }

  Result<void> end(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    TRY(disconnect(session, call.parameters[0], call));
    write_json(response, 200, json::object{{"disconnected", true}});
    return {};
  }

  Result<void> show(RouteCall const& call, http::Response& response) const {
    auto session = parts_.sign_in.session_of(call);
    if (!session) {
      redirect(response, "/sign-in?next=/account/connections");
      return {};
    }
    auto token = parts_.sign_in.parts().sessions.csrf_token(session_cookie(call.request));
    Html page;
    page.markup("<h1>Connected apps</h1>\n");
    auto connections = parts_.connections.list(session->user);
    if (connections.empty()) page.markup("<p>No application acts for you.</p>\n");
    for (auto const& each : connections) write_connection(page, each, token);
    page.markup("<p><a href=\"/account\">Your account</a></p>\n");
    write_page(response, 200, "Connected apps", page);
    return {};
  }

  Result<void> take_end(RouteCall const& call, http::Response& response) const {
    auto form = TRY(Form::read(call.request));
    TRY(require_csrf_token(call.request, parts_.sign_in.parts().sessions, form.text("csrf_token")));
    auto session = parts_.sign_in.session_of(call);
    if (!session) return fail(Code::unauthorized, "The sign-in is over.");
    TRY(disconnect(*session, form.text("connection"), call));
    redirect(response, "/account/connections");
    return {};
  }

 private:
  Result<void> disconnect(
      domain::Session const& session, std::string_view id, RouteCall const& call
  ) const {
    auto grant = domain::GrantId::parse(id);
    if (!grant) return fail(Code::not_found, "There is no such connection.");
    return parts_.connections.end(session.user, *grant, actor_of(call, session.user));
  }

  json::object describe(oauth::Connection const& connection) const {
    auto const& tenant = connection.tenant;
    auto const& used_at = connection.last_used_at;
    return {
        {"id", connection.id.text()},
        {"client_id", connection.client.text()},
        {"name", connection.name},
        {"host", connection.host},
        {"tenant", tenant ? json::value(tenant->text()) : json::value()},
        {"tenant_name", tenant ? json::value(name_of(*tenant)) : json::value()},
        {"scopes", json::array(connection.scopes.begin(), connection.scopes.end())},
        {"first_approved_at", format_time(connection.first_approved_at)},
        {"last_used_at", used_at ? json::value(format_time(*used_at)) : json::value()},
        {"last_address", connection.last_address},
    };
  }

  void write_connection(
      Html& page, oauth::Connection const& connection, std::string_view token
  ) const {
    page.markup("<h2>").text(connection.name.empty() ? connection.host : connection.name);
    page.markup("</h2>\n<p>").text(connection.host).markup("; ");
    for (auto const& scope : connection.scopes)
      page.markup("<code>").text(scope).markup("</code> ");
    if (connection.tenant) page.markup("in ").text(name_of(*connection.tenant));
    page.markup("; since ").text(format_time(connection.first_approved_at));
    if (connection.last_used_at) {
      page.markup(", last used ").text(format_time(*connection.last_used_at));
      page.markup(" from ").text(connection.last_address);
    }
    page.markup("</p>\n");
    write_button(
        page, "/account/connections/end", token, "Disconnect", "connection", connection.id.text()
    );
  }

  std::string name_of(domain::TenantId const& tenant) const {
    return parts_.sign_in.parts().sessions.places().name_of(tenant);
  }

  ConnectionParts parts_;
};

json::object connection_schema() {
  json::object text{{"type", "string"}};
  json::object texts{{"type", "array"}, {"items", text}};
  json::object text_or_null{{"type", json::array{"string", "null"}}};
  json::object item{
      {"type", "object"},
      {"properties",
       {{"id", text},
        {"client_id", text},
        {"name", text},
        {"host", text},
        {"tenant", text_or_null},
        {"tenant_name", text_or_null},
        {"scopes", texts},
        {"first_approved_at", text},
        {"last_used_at", text_or_null},
        {"last_address", text}}}
  };
  return {
      {"type", "object"},
      {"properties", {{"items", {{"type", "array"}, {"items", std::move(item)}}}}}
  };
}

}  // namespace

void add_connection_routes(std::vector<Route>& routes, ConnectionParts const& parts) {
  using enum http::Method;
  using Handlers = ConnectionHandlers;
  auto handlers = std::make_shared<Handlers const>(parts);
  auto page = [handlers](auto member) {
    return as_page([handlers, member](auto const& call, auto& response) {
      return ((*handlers).*member)(call, response);
    });
  };
  // What a person has allowed is for the person to see and to end, not for what was allowed.
  auto rest = [handlers](auto member) {
    return ForSession{[handlers, member](auto const& session, auto const& call, auto& response) {
      return ((*handlers).*member)(session, call, response);
    }};
  };
  routes.push_back(
      {get,
       "/api/v1/connections",
       rest(&Handlers::list),
       {"The applications that act for you", 200, {}, {}, connection_schema()}}
  );
  json::object ended{{"type", "object"}, {"properties", {{"disconnected", {{"type", "boolean"}}}}}};
  routes.push_back(
      {del,
       "/api/v1/connections/{id}",
       rest(&Handlers::end),
       {"Disconnect an application: all its tokens for you in that tenant end", 200, {}, {}, ended}}
  );
  routes.push_back({get, "/account/connections", page(&Handlers::show)});
  routes.push_back({post, "/account/connections/end", page(&Handlers::take_end)});
}

}  // namespace keystead::api
