#include "api/token_routes.hpp"

#include "api/issuer_routes.hpp"
#include "api/json_body.hpp"
#include "api/strangers.hpp"
#include "codec/json.hpp"
#include "oauth/metadata.hpp"
#include "oauth/token_answer.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

using oauth::TokenError;
using oauth::TokenRefusal;
using oauth::TokenResult;

// Keeps count of those who try secrets and keys (attack 12). Whoever shows none has nothing to
// guess: codes and refresh tokens are too long for it, and a client whose tokens are over must not
// shut out all that are behind the same address.
class Guessing {
 public:
  Guessing(authz::AddressGuard& guard, std::string_view address)
      : guard_(guard), address_(domain::Address::parse(address)) {}

  std::optional<std::chrono::seconds> wait() const {
    auto now = std::chrono::steady_clock::now();
    if (!address_ || !guard_.is_exhausted(*address_, now)) return std::nullopt;
    return guard_.retry_after(*address_, now);
  }
  void look_at(oauth::TokenCall const& call) {
    auto has = [&](std::string_view name) { return !call.request.find(name).empty(); };
    shows_secret_ = !call.authorization.empty() || has("client_secret") ||
                    has("client_assertion") || has("assertion");
    shows_subject_ = has("subject_token");
  }
  void note(TokenRefusal const& refusal) {
    bool is_guess = shows_secret_ && (refusal.error == TokenError::invalid_client ||
                                      refusal.error == TokenError::invalid_grant);
    is_guess = is_guess || (shows_subject_ && refusal.error == TokenError::invalid_request);
    if (address_ && is_guess) guard_.note_failure(*address_, std::chrono::steady_clock::now());
  }

 private:
  bool shows_secret_ = false;
  bool shows_subject_ = false;  // of a token exchange, where a wrong one is an invalid request
  authz::AddressGuard& guard_;
  std::optional<domain::Address> address_;
};

class TokenHandlers {
 public:
  explicit TokenHandlers(TokenParts const& parts) : parts_(parts) {}

  // What `act` makes of the request, with this status, or the refusal.
  template <class Act>
  void serve(
      domain::Issuer const& issuer,
      RouteCall const& call,
      http::Response& response,
      Act const& act,
      int status = 200
  ) const {
    response.add("Pragma", "no-cache");  // RFC 6749 §5.1
    add_nonce(call.request, response);
    Guessing guessing(parts_.guard, call.address);
    if (auto wait = guessing.wait()) {
      response.add("Retry-After", std::to_string(wait->count()));
      write_json(response, 429, json::object{{"error", "temporarily_unavailable"}});
      return parts_.refusals.note("guessing", denied(call), call.request_id);
    }
    auto answer = run(issuer, call, [&](oauth::TokenCall const& asked) {
      guessing.look_at(asked);
      return act(asked);
    });
    if (answer) return write_json(response, status, *answer);
    guessing.note(answer.error());
    write_refusal(response, answer.error());
    parts_.refusals.note(name_of(answer.error().error), denied(call), call.request_id);
  }

  // A device brings nothing that could be guessed: each request counts.
  void begin_device(
      domain::Issuer const& issuer, RouteCall const& call, http::Response& response
  ) const {
    if (auto counted = count_stranger(parts_.strangers, call, response); !counted) {
      auto const& text = counted.error().public_text;
      json::object refusal{{"error", "slow_down"}, {"error_description", text}};
      return write_json(response, 429, refusal);
    }
    serve(
        issuer, call, response, [this](oauth::TokenCall const& asked) -> TokenResult<json::object> {
          auto client = TRY(parts_.authentication.prove(asked, oauth::Meets::strangers));
          return describe_device(TRY(parts_.devices.begin(client, asked)));
        }
    );
  }

  // RFC 9126 §2. Whoever pushes leaves something behind, so it is counted as what strangers do.
  void push(domain::Issuer const& issuer, RouteCall const& call, http::Response& response) const {
    if (call.request.body.size() > oauth::PushedRequests::kBytesMax) {
      return write_error(response, 413, "invalid_request", "The request is too large.");
    }
    if (auto counted = count_stranger(parts_.strangers, call, response); !counted) {
      auto const& why = counted.error().public_text;
      return write_error(response, 429, "temporarily_unavailable", why);
    }
    auto act = [&](oauth::TokenCall const& asked) -> TokenResult<json::object> {
      auto client = TRY(parts_.authentication.prove(asked, oauth::Meets::strangers));
      auto uri = TRY(parts_.pushed->push(asked, client));
      return json::object{
          {"request_uri", uri.reveal()}, {"expires_in", oauth::PushedRequests::kLifetime.count()}
      };
    };
    serve(issuer, call, response, act, 201);
  }

  void publish_keys(http::Response& response) const {
    response.content_type = "application/jwk-set+json";
    response.add("Cache-Control", "public, max-age=300");
    response.body = codec::to_text(parts_.keys.get()->verifying.to_json());
  }

  TokenParts const& parts() const { return parts_; }

 private:
  json::object describe_device(oauth::Devices::Begun const& begun) const {
    auto place = parts_.issuers.root().url + "/device";
    return {
        {"device_code", begun.device_code.reveal()},
        {"user_code", begun.user_code},
        {"verification_uri", place},
        {"verification_uri_complete", place + "?user_code=" + begun.user_code},
        {"expires_in", std::chrono::seconds(oauth::Devices::kLifetime).count()},
        {"interval", oauth::Devices::kInterval.count()},
    };
  }

  // The parameters are in the body alone, where no log has them (RFC 6749 §2.3.1).
  template <class Act>
  static TokenResult<json::object> run(
      domain::Issuer const& issuer, RouteCall const& call, Act const& act
  ) {
    auto const& request = call.request;
    if (!request.query.empty()) {
      return refuse(TokenError::invalid_request, "Parameters belong into the body.");
    }
    if (http::count_headers(request, "Authorization") > 1) {
      return refuse(TokenError::invalid_request, "The client authenticates in two ways at once.");
    }
    auto read =
        TRY(oauth::TokenRequest::parse(
            http::find_header(request, "Content-Type").value_or(""), request.body
        ));
    return act({
        .issuer = issuer,
        .request = read,
        .authorization = http::find_header(request, "Authorization").value_or(""),
        .address = call.address,
        .request_id = call.request_id.text(),
        .proof = authn::shown_proof(request),
    });
  }

  // RFC 9449 §8: for the next proof, and where this one had none, for its repetition.
  void add_nonce(http::Request const& request, http::Response& response) const {
    auto nonce = parts_.dpop && authn::shown_proof(request) ? parts_.dpop->nonce() : std::string();
    if (!nonce.empty()) response.add("DPoP-Nonce", nonce);
  }

  static DeniedCall denied(RouteCall const& call) {
    return {call.request, call.address, call.request.path};
  }

  static void write_refusal(http::Response& response, TokenRefusal const& refusal) {
    if (refusal.error == TokenError::invalid_client) {
      response.add("WWW-Authenticate", "Basic realm=\"oauth\"");
    }
    write_error(response, status_of(refusal.error), name_of(refusal.error), refusal.text);
  }

  static void write_error(
      http::Response& response, int status, std::string_view error, std::string_view text
  ) {
    write_json(response, status, json::object{{"error", error}, {"error_description", text}});
  }

  TokenParts parts_;
};

using SharedHandlers = std::shared_ptr<TokenHandlers const>;

template <class Act>
void add_client_routes(
    std::vector<Route>& routes, SharedHandlers const& handlers, std::string_view path, Act act
) {
  auto serve = [handlers, act](
                   domain::Issuer const& issuer, RouteCall const& call, http::Response& response
               ) -> Result<void> {
    auto const& parts = handlers->parts();
    handlers->serve(issuer, call, response, [&](oauth::TokenCall asked) {
      asked.count_stranger = [&] {
        return count_stranger(parts.strangers, call, response).has_value();
      };
      return act(parts, asked);
    });
    return {};
  };
  IssuerRoute const route{http::Method::post, path, true};
  add_issuer_routes(routes, handlers->parts().issuers, route, serve, for_reporter);
}

void add_push_routes(std::vector<Route>& routes, SharedHandlers const& handlers) {
  auto serve = [handlers](
                   domain::Issuer const& issuer, RouteCall const& call, http::Response& response
               ) -> Result<void> {
    handlers->push(issuer, call, response);
    return {};
  };
  IssuerRoute const route{http::Method::post, oauth::kPushPath, true};
  add_issuer_routes(routes, handlers->parts().issuers, route, serve, for_reporter);
}

// The same keys for all issuers: at the root from memory, on the io thread.
void add_key_set(std::vector<Route>& routes, SharedHandlers const& handlers) {
  auto add = [&](std::string_view below, auto handler) {
    Route keys{http::Method::get, std::string(below).append(oauth::kKeysPath), std::move(handler)};
    keys.open_to_origins = true;
    routes.push_back(std::move(keys));
  };
  add({}, ForAnyone([handlers](auto const&, auto& response) { handlers->publish_keys(response); }));
  auto const& issuers = handlers->parts().issuers;
  if (!issuers.has_those_of_tenants()) return;
  auto serve = [handlers](
                   domain::Issuer const&, RouteCall const&, http::Response& response
               ) -> Result<void> {
    handlers->publish_keys(response);
    return {};
  };
  add(kTenantPattern, for_visitor(serve_for_tenant(issuers, serve)));
}

}  // namespace

void add_token_routes(std::vector<Route>& routes, TokenParts const& parts) {
  auto handlers = std::make_shared<TokenHandlers const>(parts);
  auto token = [](TokenParts const& with, auto const& call) -> TokenResult<json::object> {
    return describe(TRY(with.endpoint.answer(call)));
  };
  auto revoke = [](TokenParts const& with, auto const& call) -> TokenResult<json::object> {
    TRY(with.inspection.revoke(call));
    return json::object();
  };
  auto introspect = [](TokenParts const& with, auto const& call) {
    return with.inspection.introspect(call);
  };
  add_client_routes(routes, handlers, oauth::kTokenPath, token);
  add_client_routes(routes, handlers, oauth::kRevokePath, revoke);
  add_client_routes(routes, handlers, oauth::kIntrospectPath, introspect);
  add_issuer_routes(
      routes,
      parts.issuers,
      {http::Method::post, oauth::kDevicePath, true},
      [handlers](auto const& issuer, auto const& call, auto& response) -> Result<void> {
        handlers->begin_device(issuer, call, response);
        return {};
      },
      for_reporter
  );
  if (parts.pushed) add_push_routes(routes, handlers);
  add_key_set(routes, handlers);
}

}  // namespace keystead::api
