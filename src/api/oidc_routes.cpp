#include "api/oidc_routes.hpp"

#include <memory>
#include <string>

#include "api/browser.hpp"
#include "codec/percent.hpp"
#include "http/cookie.hpp"

namespace keystead::api {
namespace {

constexpr std::string_view kFlowCookie = "__Host-keystead-oidc";

class OidcHandlers {
 public:
  explicit OidcHandlers(OidcParts parts) : parts_(std::move(parts)) {}

  Result<void> leave(RouteCall const& call, http::Response& response) const {
    redirect(response, TRY(begin(call, response, next_of(call.request), {})));
    return {};
  }

  // Only a page of ours can send this: otherwise another site could add its own account to that of
  // whoever is signed in here, and come in by it (attack 51).
  Result<void> leave_to_link(RouteCall const& call, http::Response& response) const {
    auto form = TRY(Form::read(call.request));
    TRY(require_csrf_token(call.request, parts_.sign_in.parts().sessions, form.text("csrf_token")));
    auto session = parts_.sign_in.session_of(call);
    if (!session) return fail(Code::unauthorized, "You are not signed in any more.");
    auto location = TRY(begin(call, response, "/account", session->user));
    // Not a redirect: form-action holds for what a form is redirected to, too.
    response.add("Refresh", "0;url=" + location);
    Html page;
    page.markup("<h1>One moment</h1>\n<p><a href=\"").text(location);
    page.markup("\">On to the sign-in that you want to link</a></p>\n");
    write_page(response, 200, "One moment", page);
    return {};
  }

  Result<void> come_back(RouteCall const& call, http::Response& response) const {
    auto provider = call.parameters[0];
    auto cookie = http::find_cookie(call.request, kFlowCookie).value_or("");
    // Whose account it is shows in the end; until then the flow stands for it.
    std::string account = "oidc-flow:" + std::string(cookie);
    TRY(parts_.sign_in.count_try(account, call, response));
    auto session = parts_.sign_in.session_of(call);
    authn::OidcSignIn::Callback callback{
        .query = call.request.query,
        .cookie = cookie,
        .signed_in = session ? std::optional(session->user) : std::nullopt,
        .request_id = call.request_id.text(),
    };
    auto finished = parts_.oidc.finish(provider, callback);
    if (!finished) {
      parts_.report(provider, finished.error().private_detail);
      // That the provider is away is nobody's try.
      bool is_try = finished.error().code != Code::unavailable;
      if (is_try) static_cast<void>(parts_.sign_in.refuse("sign_in", call));
      return std::unexpected(std::move(finished).error());
    }
    parts_.sign_in.note_success(account, call);
    http::clear_cookie(response, kFlowCookie);
    if (session && finished->is_linked) {
      TRY(parts_.sign_in.renew(*session, call, response));
    } else {
      TRY(parts_.sign_in.finish(finished->user.id, "oidc:" + finished->issuer, call, response));
    }
    redirect(response, safe_next(finished->next));
    return {};
  }

  Result<void> end(RouteCall const& call, http::Response& response) const {
    auto form = TRY(Form::read(call.request));
    auto provider = call.parameters[0];
    response.add("Cache-Control", "no-store");
    auto ended = parts_.logout.take(provider, form.text("logout_token"), call.request_id.text());
    if (ended) return {};
    parts_.report(provider, ended.error().private_detail);
    return std::unexpected(std::move(ended).error());
  }

 private:
  // Where the browser goes.
  Result<std::string> begin(
      RouteCall const& call,
      http::Response& response,
      std::string next,
      std::optional<domain::UserId> const& links
  ) const {
    auto provider = call.parameters[0];
    auto begun = parts_.oidc.begin(provider, std::move(next), links);
    if (!begun) {
      parts_.report(provider, begun.error().private_detail);
      return std::unexpected(std::move(begun).error());
    }
    http::set_cookie(response, kFlowCookie, begun->cookie.reveal(), authn::OidcFlow::kLifetime);
    return std::move(begun->location);
  }

  OidcParts parts_;
};

}  // namespace

void add_oidc_routes(std::vector<Route>& routes, OidcParts const& parts) {
  using enum http::Method;
  auto handlers = std::make_shared<OidcHandlers const>(parts);
  auto add = [&](http::Method method, std::string path, auto run) {
    routes.push_back(
        {method, std::move(path), as_page([handlers, run](auto const& call, auto& response) {
           return ((*handlers).*run)(call, response);
         })}
    );
  };
  add(get, "/sign-in/with/{provider}", &OidcHandlers::leave);
  add(post, "/account/link/{provider}", &OidcHandlers::leave_to_link);
  add(get, "/sign-in/callback/{provider}", &OidcHandlers::come_back);
  routes.push_back(
      {post,
       "/sign-in/backchannel/{provider}",
       ForReporter{[handlers](auto const& call, auto& response) {
         return handlers->end(call, response);
       }}}
  );
}

}  // namespace keystead::api
