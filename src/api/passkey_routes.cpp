// Passkeys over REST: making, listing, renaming and removing them, and signing in with one.
#include <boost/json/array.hpp>

#include "api/factors.hpp"
#include "api/json_body.hpp"
#include "api/passkey_json.hpp"
#include "api/session_json.hpp"
#include "api/sign_in_routes.hpp"
#include "codec/base64url.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

Result<std::string> bytes_of(json::object const& members, std::string_view name) {
  auto text = TRY(text_of(members, name));
  auto bytes = codec::base64url_decode(text);
  if (!bytes) return fail(Code::invalid_request, std::string(name) + " is not base64url");
  return std::move(*bytes);
}

class PasskeyHandlers {
 public:
  PasskeyHandlers(SignIn const& sign_in, authn::Passkeys const& passkeys)
      : sign_in_(sign_in), passkeys_(passkeys), factors_(sign_in) {}

  Result<void> list(
      domain::Session const& session, RouteCall const&, http::Response& response
  ) const {
    json::array items;
    for (auto const& passkey : passkeys_.list(session.user)) items.push_back(describe(passkey));
    write_json(response, 200, json::object{{"items", std::move(items)}});
    return {};
  }

  Result<void> begin(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    auto proof = TRY(read_proof(call.request));
    auto user = sign_in_.parts().users.find_user(session.user);
    if (!user) return fail(Code::not_found, "no such user");
    auto challenge = TRY(factors_.begin_passkey({session, call, response}, proof));
    write_json(response, 200, creation_options(challenge, *user, passkeys_));
    return {};
  }

  Result<void> add(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    TRY(require_json(call.request));
    auto members =
        TRY(read_members(call.request.body, {"name", "client_data", "attestation_object"}));
    auto name = TRY(text_of(members, "name"));
    authn::webauthn::Attestation attestation{
        TRY(bytes_of(members, "client_data")), TRY(bytes_of(members, "attestation_object"))
    };
    auto passkey =
        TRY(factors_.add_passkey({session, call, response}, attestation, std::move(name)));
    write_json(response, 201, describe(passkey));
    return {};
  }

  Result<void> rename(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    TRY(require_json(call.request));
    auto members = TRY(read_members(call.request.body, {"name"}));
    auto name = TRY(text_of(members, "name"));
    auto id = TRY(id_of(call));
    TRY(factors_.rename_passkey({session, call, response}, id, name));
    write_json(response, 200, json::object{{"id", id.text()}, {"name", name}});
    return {};
  }

  Result<void> remove(
      domain::Session const& session, RouteCall const& call, http::Response& response
  ) const {
    auto proof = TRY(read_proof(call.request));
    auto id = TRY(id_of(call));
    TRY(factors_.remove_passkey({session, call, response}, id, proof));
    write_json(response, 200, json::object{{"id", id.text()}, {"removed", true}});
    return {};
  }

  Result<void> ask(RouteCall const& call, http::Response& response) const {
    TRY(require_json(call.request));
    write_json(response, 200, request_options(passkeys_));
    return {};
  }

  Result<void> sign_in(RouteCall const& call, http::Response& response) const {
    if (call.request.body.empty()) return fail(Code::invalid_request, "the body is missing");
    TRY(require_json(call.request));
    auto members = TRY(read_members(
        call.request.body,
        {"credential", "user_handle", "client_data", "authenticator_data", "signature"}
    ));
    PresentedPasskey passkey{
        TRY(bytes_of(members, "credential")),
        TRY(bytes_of(members, "user_handle")),
        {TRY(bytes_of(members, "client_data")),
         TRY(bytes_of(members, "authenticator_data")),
         TRY(bytes_of(members, "signature"))}
    };
    auto session = TRY(sign_in_.finish_passkey(passkey, call, response));
    write_json(response, 200, describe_whole(sign_in_, session.record, session.cookie.reveal()));
    return {};
  }

 private:
  static Result<domain::PasskeyId> id_of(RouteCall const& call) {
    auto id = domain::PasskeyId::parse(call.parameters[0]);
    if (!id) return fail(Code::not_found, "no such passkey");
    return *id;
  }

  SignIn const& sign_in_;
  authn::Passkeys const& passkeys_;
  Factors factors_;
};

}  // namespace

void add_passkey_routes(std::vector<Route>& routes, SignIn const& sign_in) {
  using enum http::Method;
  using Handlers = PasskeyHandlers;
  auto const* passkeys = sign_in.parts().passkeys;
  if (!passkeys) return;
  auto handlers = std::make_shared<Handlers const>(sign_in, *passkeys);
  json::object const answer{{"type", "object"}};
  auto add = [&](http::Method method,
                 std::string path,
                 auto run,
                 std::string summary,
                 int status = 200,
                 json::object request = {}) {
    ForSession handler{[handlers, run](auto const& session, auto const& call, auto& response) {
      return ((*handlers).*run)(session, call, response);
    }};
    RouteDoc doc{std::move(summary), status, {}, std::move(request), answer};
    routes.push_back({method, std::move(path), std::move(handler), std::move(doc)});
  };
  auto open = [&](std::string path,
                  auto run,
                  std::string summary,
                  int status = 200,
                  json::object request = {}) {
    ForVisitor handler{[handlers, run](auto const& call, auto& response) {
      return ((*handlers).*run)(call, response);
    }};
    RouteDoc doc{std::move(summary), status, {}, std::move(request), answer};
    routes.push_back({post, std::move(path), std::move(handler), std::move(doc)});
  };
  add(get, "/api/v1/auth/passkeys", &Handlers::list, "The passkeys of who is signed in");
  add(post,
      "/api/v1/auth/passkeys/options",
      &Handlers::begin,
      "What navigator.credentials.create() is to be asked for, good once and for five minutes. "
      "Wants the password or a code, unless the session has just begun",
      200,
      texts({}, {"password", "code"}));
  add(post,
      "/api/v1/auth/passkeys",
      &Handlers::add,
      "Add the passkey that it made, its parts as base64url; ends all other sessions",
      201,
      texts({"name", "client_data", "attestation_object"}));
  add(patch,
      "/api/v1/auth/passkeys/{id}",
      &Handlers::rename,
      "Rename a passkey",
      200,
      texts({"name"}));
  add(del,
      "/api/v1/auth/passkeys/{id}",
      &Handlers::remove,
      "Remove a passkey; ends all other sessions. Wants the password or a code, unless the "
      "session has just begun",
      200,
      texts({}, {"password", "code"}));
  open(
      "/api/v1/auth/sign-in/passkey/options",
      &Handlers::ask,
      "What navigator.credentials.get() is to be asked for, good once and for five minutes"
  );
  open(
      "/api/v1/auth/sign-in/passkey",
      &Handlers::sign_in,
      "Sign in with what it gave, its parts as base64url; the session comes as a cookie",
      200,
      texts({"credential", "user_handle", "client_data", "authenticator_data", "signature"})
  );
}

}  // namespace keystead::api
