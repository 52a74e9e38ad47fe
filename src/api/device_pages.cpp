#include "api/device_pages.hpp"

#include "api/strangers.hpp"
#include "codec/percent.hpp"

namespace keystead::api {
namespace {

class DeviceHandlers {
 public:
  explicit DeviceHandlers(DeviceParts const& parts) : parts_(parts) {}

  // The code in the address only fills the form in: what a person has not typed may be somebody
  // else's device (§5.4).
  Result<void> ask(RouteCall const& call, http::Response& response) const {
    std::string code;
    for (auto const& [name, value] : codec::parse_pairs(call.request.query).value_or(Pairs())) {
      if (name == "user_code") code = value;
    }
    auto session = parts_.form.sign_in().session_of(call);
    if (!session) {
      auto next = "/device?user_code=" + codec::percent_encode(code);
      redirect(response, "/sign-in?next=" + codec::percent_encode(next));
      return {};
    }
    write_code(call, response, 200, {}, code);
    return {};
  }

  Result<void> take(RouteCall const& call, http::Response& response) const {
    auto form = TRY(Form::read(call.request));
    auto const& sign_in = parts_.form.sign_in();
    TRY(require_csrf_token(call.request, sign_in.parts().sessions, form.text("csrf_token")));
    TRY(count_stranger(parts_.strangers, call, response));
    auto session = sign_in.session_of(call);
    if (!session) return fail(Code::unauthorized, "The sign-in is over. Look at the device again.");
    auto const& code = form.text("user_code");
    auto actor = actor_of(call, session->user);
    auto waiting = parts_.devices.find(code, actor);
    if (!waiting) {
      write_code(call, response, 404, waiting.error().public_text, code);
      return {};
    }
    auto places = TRY(parts_.form.places_of(session->user, waiting->issuer));
    auto const& decision = form.text("decision");
    if (decision.empty()) {
      write_question(call, response, code, *waiting, *session, places);
    } else if (decision == "approve") {
      auto place = TRY(parts_.form.chosen(places, form.text("tenant")));
      TRY(parts_.devices.approve(code, {session->user, place, std::string(call.address)}, actor));
      write_done(response, "The device is connected. You can close this page.");
    } else {
      TRY(parts_.devices.deny(code, actor));
      write_done(response, "The device was denied. You can close this page.");
    }
    return {};
  }

 private:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  static void write_done(http::Response& response, std::string_view text) {
    Html page;
    page.markup("<h1>Device</h1>\n<p>").text(text).markup("</p>\n");
    write_page(response, 200, "Device", page);
  }

  void write_code(
      RouteCall const& call,
      http::Response& response,
      int status,
      std::string_view alert,
      std::string_view code
  ) const {
    auto const& sessions = parts_.form.sign_in().parts().sessions;
    Html page;
    page.markup("<h1>Connect a device</h1>\n");
    write_alert(page, alert);
    page.markup("<form class=\"narrow\" method=\"post\" action=\"/device\">\n");
    page.hidden("csrf_token", sessions.csrf_token(session_cookie(call.request)));
    page.markup(
        "<label for=\"user_code\">The code that the device shows</label>\n"
        "<input id=\"user_code\" name=\"user_code\" autocomplete=\"off\" maxlength=\"20\" required "
        "autofocus value=\""
    );
    page.text(code).markup("\">\n<button class=\"main\">Go on</button>\n</form>\n");
    write_page(response, status, "Connect a device", page);
  }

  void write_question(
      RouteCall const& call,
      http::Response& response,
      std::string_view code,
      oauth::Devices::Waiting const& waiting,
      domain::Session const& session,
      std::vector<authn::Place> const& places
  ) const {
    auto const& [device, issuer, client] = waiting;
    Html details, fields;
    details.markup("<li role=\"alert\">The device asks from <strong>").text(device.address);
    details.markup("</strong>. Approve only if it is yours and shows this code: <strong>");
    details.text(code).markup("</strong></li>\n");
    fields.hidden("user_code", code);
    auto name = client.name.empty() ? std::string_view("A device") : std::string_view(client.name);
    auto page = parts_.form.question(
        {client, name, device.scopes, session, places}, details, "/device", fields, call.request
    );
    write_page(response, 200, "Approve?", page);
  }

  DeviceParts parts_;
};

}  // namespace

void add_device_pages(std::vector<Route>& routes, DeviceParts const& parts) {
  using enum http::Method;
  using Handlers = DeviceHandlers;
  auto handlers = std::make_shared<Handlers const>(parts);
  auto run = [handlers](auto member) {
    return [handlers, member](auto const& call, auto& response) {
      return ((*handlers).*member)(call, response);
    };
  };
  routes.push_back({get, "/device", as_page(run(&Handlers::ask))});
  routes.push_back({post, "/device", as_page(run(&Handlers::take))});
}

}  // namespace keystead::api
