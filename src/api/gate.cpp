#include "api/gate.hpp"

#include <algorithm>
#include <stdexcept>

#include "api/browser.hpp"
#include "api/rest_arguments.hpp"
#include "api/verify.hpp"
#include "authz/authorizer.hpp"
#include "codec/json.hpp"
#include "mcp/json_rpc.hpp"

namespace keystead::api {
namespace {

constexpr std::string_view kPreflightHeaders =
    "Authorization, X-API-Key, X-CSRF-Token, Content-Type, Accept, MCP-Protocol-Version, "
    "Mcp-Session-Id, "
    "Mcp-Method, Mcp-Name, Last-Event-ID";
constexpr std::string_view kExposedHeaders =
    "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Location, Retry-After, X-Request-Id, "
    "RateLimit, RateLimit-Policy";

// The last element of a list header's value; it is taken off `list`.
std::string_view take_last(std::string_view& list) {
  auto comma = list.rfind(',');
  auto last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  while (last.starts_with(' ') || last.starts_with('\t')) last.remove_prefix(1);
  while (last.ends_with(' ') || last.ends_with('\t')) last.remove_suffix(1);
  return last;
}

bool is_among(std::string_view text, std::vector<domain::AddressRange> const& ranges) {
  auto address = domain::Address::parse(text);
  return address &&
         std::ranges::any_of(ranges, [&](auto const& range) { return range.contains(*address); });
}

// The guard, as one request has to do with it. A credential that was good once is no guess, also
// when it has been revoked since: an agent that was forgotten with it shuts nobody out.
class GuardedAddress {
 public:
  GuardedAddress(
      authz::AddressGuard& guard, std::string_view address, authn::Credential const& credential
  )
      : guard_(guard),
        address_(domain::Address::parse(address)),
        credential_(std::hash<std::string_view>()(authn::text_of(credential))),
        now_(std::chrono::steady_clock::now()) {}

  // How long to wait before this credential is looked at; nothing if that may be done now.
  std::optional<std::chrono::seconds> wait() const {
    if (!address_ || !guard_.is_exhausted(*address_, now_) || is_familiar()) return std::nullopt;
    return guard_.retry_after(*address_, now_);
  }
  void note_success() {
    if (address_) guard_.note_success(*address_, credential_, now_);
  }
  void note_failure() {
    if (address_ && !is_familiar()) guard_.note_failure(*address_, now_);
  }

 private:
  bool is_familiar() const { return address_ && guard_.is_familiar(*address_, credential_, now_); }

  authz::AddressGuard& guard_;
  std::optional<domain::Address> address_;
  std::uint64_t credential_;
  authz::Instant now_;
};

// Of the one message in it; null if there is none that can be read.
json::value rpc_id_of(http::Request const& request) {
  auto document = codec::parse_json(request.body);
  return document ? mcp::readable_id(*document) : nullptr;
}

}  // namespace

// One request on its way through the gate.
struct Gate::Passage {
  http::Router::Match const& match;
  Route const* route;        // null where there is none
  Verifier const* verifier;  // null unless another gateway asks
  http::Request const& request;
  http::Response& response;
  http::Where where;
  std::string_view address;
  RequestId id;

  DeniedCall denied(domain::Principal const* principal = nullptr) const {
    return {
        request,
        address,
        route ? std::string_view(route->pattern) : "none",
        principal,
        surface(),
        surface() == Surface::mcp ? request.path : std::string_view()
    };
  }
  bool is_nowhere() const {
    if (match.allow.empty()) return true;
    return route && route->of_tenant && !domain::TenantId::parse(match.parameters[0]);
  }
  Surface surface() const { return route && route->speaks_rpc ? Surface::mcp : Surface::rest; }
  RouteCall call() { return {request, match.parameters, address, id}; }
};

Gate::Gate(
    Options options,
    std::vector<Route> routes,
    authn::Authenticator const& authenticator,
    authz::AddressGuard& guard,
    store::TenantStores& stores,
    Problems const& problems,
    Refusals const& refusals,
    RequestIds& ids
)
    : options_(std::move(options)),
      preflight_headers_(kPreflightHeaders),
      exposed_headers_(kExposedHeaders),
      routes_(std::move(routes)),
      authenticator_(authenticator),
      guard_(guard),
      stores_(stores),
      problems_(problems),
      refusals_(refusals),
      ids_(ids) {
  if (options_.dpop) {
    preflight_headers_ += ", DPoP";
    exposed_headers_ += ", DPoP-Nonce";
  }
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!router_.add(routes_[i].method, routes_[i].pattern, i)) {
      throw std::logic_error("two routes are the same: " + routes_[i].pattern);
    }
  }
}

http::Outcome Gate::handle(
    http::Request const& request, http::Response& response, http::Where where
) {
  auto match = router_.find(request.method, request.path);
  auto const* verifier = find_verifier(match, request);
  Passage passage{
      .match = match,
      .route = match.route ? &routes_[*match.route] : nullptr,
      .verifier = verifier,
      .request = request,
      .response = response,
      .where = where,
      .address = address_of(request),
      .id = RequestId(ids_),
  };
  auto report = [&](GateEvent::Kind kind, std::string_view detail, std::string_view id = {}) {
    options_.report(
        {kind,
         response.status,
         request.method_text,
         passage.denied().route,
         passage.address,
         detail,
         id}
    );
  };
  auto finish = [&](http::Outcome outcome) {
    if (response.status >= 400 && response.find("X-Request-Id").empty()) {
      response.add("X-Request-Id", passage.id.text());
    }
    if (verifier) response.drop_body();
    return outcome;
  };
  auto fail_with = [&](Failure const& failure, std::string_view detail) {
    response.reset();
    auto surface = passage.surface();
    problems_.render(
        failure,
        passage.id.text(),
        response,
        surface,
        surface == Surface::mcp ? rpc_id_of(request) : nullptr
    );
    report(GateEvent::Kind::broken, detail, passage.id.text());
  };
  try {
    auto outcome = dispatch(passage);
    bool is_denial = response.status == 401 || response.status == 403 || response.status == 429;
    if (outcome == http::Outcome::needs_worker)
      response.reset();
    else if (is_denial)
      report(GateEvent::Kind::denied, {}, passage.id.text());
    else if (options_.report_every_request)
      report(GateEvent::Kind::answered, {});
    return finish(outcome);
  } catch (store::Broken const& broken) {
    fail_with(
        Failure{Code::unavailable, "The service cannot reach its data; try again.", {}},
        broken.what()
    );
  } catch (std::exception const& error) {
    fail_with(Failure{Code::internal, "Something went wrong on our side.", {}}, error.what());
  }
  return finish(http::Outcome::answered);
}

bool Gate::refuse(int status, std::string_view reason, http::Response& response) {
  problems_.render_status(status, reason, ids_.next(), response);
  if (status == 405) {
    response.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  }
  if (status == 503) response.add("Retry-After", "1");
  return true;
}

// Null unless the route is for gateways. Whoever may not ask finds no route.
Verifier const* Gate::find_verifier(
    http::Router::Match& match, http::Request const& request
) const {
  auto const* gateway =
      match.route ? std::get_if<ForGateway>(&routes_[*match.route].handler) : nullptr;
  if (!gateway) return nullptr;
  if (gateway->verifier->may_ask(request.peer)) return gateway->verifier;
  match = {};
  return nullptr;
}

// A proxy appends whom it saw, so the list is read from its end, and no further than the first
// address that is not a trusted proxy's (attack 116).
std::string_view Gate::address_of(http::Request const& request) const {
  std::string_view address = request.peer;
  if (options_.trusted_proxies.empty() || !is_among(address, options_.trusted_proxies)) {
    return address;
  }
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!http::equals_ignoring_case(header->name, "X-Forwarded-For")) continue;
    for (auto list = header->value; !list.empty();) {
      auto seen = take_last(list);
      if (!domain::Address::parse(seen)) return address;
      address = seen;
      if (!is_among(address, options_.trusted_proxies)) return address;
    }
  }
  return address;
}

http::Outcome Gate::dispatch(Passage& passage) const {
  if (passage.verifier) return serve_gateway(passage);
  if (!pass_origin(passage)) return http::Outcome::answered;
  if (passage.is_nowhere()) {
    problems_.render(
        Failure{Code::not_found, "There is nothing at this path.", {}},
        passage.id.text(),
        passage.response
    );
    return http::Outcome::answered;
  }
  if (!passage.route) {
    problems_.render_method_not_allowed(passage.match.allow, passage.id.text(), passage.response);
    return http::Outcome::answered;
  }
  auto const& handler = passage.route->handler;
  if (auto const* open = std::get_if<ForAnyone>(&handler)) {
    (*open)(passage.request, passage.response);
    return http::Outcome::answered;
  }
  auto const* reporter = std::get_if<ForReporter>(&handler);
  auto const* visitor = std::get_if<ForVisitor>(&handler);
  if (reporter || visitor) {
    if (passage.where == http::Where::io_thread) return http::Outcome::needs_worker;
    auto const& serve = reporter ? reporter->serve : visitor->serve;
    auto served = serve(passage.call(), passage.response);
    if (!served) problems_.render(served.error(), passage.id.text(), passage.response);
    return http::Outcome::answered;
  }
  return serve_principal(passage);
}

// Of origins and preflights the gateway decides itself: those of its client are not meant for us.
http::Outcome Gate::serve_gateway(Passage& passage) const {
  if (!passage.verifier->examine(passage.call(), passage.response)) {
    return http::Outcome::answered;
  }
  bool needs_worker = false;
  auto principal = prove(passage, needs_worker);
  if (needs_worker) return http::Outcome::needs_worker;
  if (principal) passage.verifier->answer(*principal, passage.call(), passage.response);
  return http::Outcome::answered;
}

http::Outcome Gate::serve_principal(Passage& passage) const {
  bool needs_worker = false;
  auto principal = prove(passage, needs_worker);
  if (needs_worker) return http::Outcome::needs_worker;
  if (!principal) return http::Outcome::answered;
  if (auto const* handler = std::get_if<ForPrincipal>(&passage.route->handler)) {
    return (*handler)(*principal, passage.call(), passage.response, passage.where);
  }
  if (passage.where == http::Where::io_thread) return http::Outcome::needs_worker;
  serve_on_worker(passage, *principal);
  return http::Outcome::answered;
}

// Who is calling; nobody if the request has been answered here, or has to go to a worker first.
std::optional<domain::Principal> Gate::prove(Passage& passage, bool& needs_worker) const {
  // A page of another site could make a browser send its cookie to the MCP endpoint (attack 79),
  // and what another gateway asks about are its own requests.
  auto cookies = passage.verifier || passage.route->speaks_rpc ? authn::Cookies::ignored
                                                               : authn::Cookies::accepted;
  auto credential = authn::read_credential(passage.request, options_.credential_headers, cookies);
  auto refuse = [&](Failure const& failure, std::string_view reason) {
    refusals_.deny(failure, reason, passage.denied(), passage.id, passage.response);
    return std::nullopt;
  };
  if (!credential) {
    bool is_malformed = credential.error().code == Code::unauthorized;
    return refuse(credential.error(), is_malformed ? "invalid_credential" : "credential_conflict");
  }
  if (std::holds_alternative<authn::NoCredential>(*credential)) {
    auto const& is_open = passage.route->open_to_strangers;
    if (is_open && is_open(passage.request)) return authn::Authenticator::nobody();
    refusals_.deny_missing_credential(passage.denied(), passage.id, passage.response);
    return std::nullopt;
  }
  GuardedAddress from(guard_, passage.address, *credential);
  if (auto wait = from.wait()) {
    passage.response.add("Retry-After", std::to_string(wait->count()));
    return refuse(
        Failure{Code::too_many_requests, "Too many failed attempts from this address.", {}},
        "guessing"
    );
  }
  std::optional<authn::DpopProof> proof;
  auto* token = std::get_if<authn::PresentedToken>(&*credential);
  if (token && token->is_dpop) {
    // A proof is for one request, so that each is looked at, and spent in the store.
    needs_worker = passage.where == http::Where::io_thread;
    if (!needs_worker) proof = examine_proof(passage, token->text);
    if (!proof) return std::nullopt;
    token->proven_key = proof->key;
  }
  bool was_issued = false;
  auto principal = authenticator_.authenticate_from_memory(*credential, passage.address);
  if (!principal) {
    needs_worker = passage.where == http::Where::io_thread;
    if (needs_worker) return std::nullopt;
    principal = authenticator_.authenticate(*credential, passage.address, &was_issued);
  }
  if (*principal || was_issued) from.note_success();
  if (*principal) {
    if (proof && !spend_proof(passage, **principal, *proof)) return std::nullopt;
    if (auto own = check_is_own(passage, *credential); !own) return refuse(own.error(), "csrf");
    if (auto here = check_is_here(passage, **principal); !here) {
      return refuse(here.error(), "elsewhere");
    }
    return std::move(**principal);
  }
  bool is_elsewhere = principal->error().code == Code::forbidden;
  if (!is_elsewhere) from.note_failure();
  if (proof && !is_elsewhere) return refuse_key(passage, KeyFault::invalid_token);
  return refuse(principal->error(), is_elsewhere ? "address" : "invalid_credential");
}

std::nullopt_t Gate::refuse_key(Passage& passage, KeyFault fault) const {
  refusals_.deny_key_fault(fault, passage.denied(), passage.id, passage.response);
  return std::nullopt;
}

// Nothing if the request has been answered here. The proof is not spent yet: whoever has no token
// fills no database.
std::optional<authn::DpopProof> Gate::examine_proof(
    Passage& passage, std::string_view token
) const {
  if (passage.verifier) {
    // Which URL the proof is for only the gateway knows, and what it says of that in headers any of
    // its clients could say.
    Failure const failure{
        Code::unauthorized, "A token that is bound to a key is not taken behind a gateway.", {}
    };
    refusals_.deny(failure, "bound_token", passage.denied(), passage.id, passage.response);
    return std::nullopt;
  }
  if (auto nonce = options_.dpop->nonce(); !nonce.empty()) {
    passage.response.add("DPoP-Nonce", nonce);
  }
  auto shown = authn::shown_proof(passage.request);
  if (!shown) return refuse_key(passage, KeyFault::invalid_proof);
  auto proof = options_.dpop->examine(*shown, token);
  if (proof) return std::move(*proof);
  bool is_old = proof.error() == authn::DpopFault::use_nonce;
  return refuse_key(passage, is_old ? KeyFault::use_nonce : KeyFault::invalid_proof);
}

// False if the request has been answered here. A token that is bound to nothing is not what its
// bearer thinks it is (RFC 9449 §7.1).
bool Gate::spend_proof(
    Passage& passage, domain::Principal const& principal, authn::DpopProof const& proof
) const {
  bool is_bound = principal.is_key_bound();
  if (is_bound && options_.dpop->spend(proof)) return true;
  refuse_key(passage, is_bound ? KeyFault::invalid_proof : KeyFault::invalid_token);
  return false;
}

// What changes something with nothing but a cookie must come from a page of ours, and show that it
// has read what only such a page can (attack 106).
Result<void> Gate::check_is_own(Passage const& passage, authn::Credential const& credential) const {
  auto const* session = std::get_if<authn::PresentedSession>(&credential);
  using enum http::Method;
  auto method = passage.request.method;
  if (!session || method == get || method == head || method == options) return {};
  auto token = http::find_header(passage.request, "X-CSRF-Token").value_or("");
  bool has_origin = http::find_header(passage.request, "Origin").has_value();
  if (has_origin && options_.sessions && options_.sessions->is_csrf_token(session->text, token)) {
    return {};
  }
  return fail(
      Code::forbidden,
      "A change with a session needs the header X-CSRF-Token, and must come from a page of this "
      "service."
  );
}

// Below a tenant's address nobody is from elsewhere, and what the tenant's own issuer has made is
// good there alone. Else it is no credential at all, as for a tenant that there is not.
Result<void> Gate::check_is_here(Passage const& passage, domain::Principal const& principal) {
  auto const* delegation = principal.delegation();
  bool by_tenant_issuer = delegation && delegation->by_tenant_issuer;
  bool of_tenant = passage.route->of_tenant;
  bool is_here = delegation ? by_tenant_issuer == of_tenant : true;
  if (of_tenant) {
    auto tenant = domain::TenantId::parse(passage.match.parameters[0]);
    is_here = is_here && tenant && principal.tenant() == tenant;
  }
  if (is_here) return {};
  return authn::Authenticator::refusal();
}

void Gate::serve_on_worker(Passage& passage, domain::Principal const& principal) const {
  auto const& handler = passage.route->handler;
  Result<void> served;
  if (auto const* holder = std::get_if<ForHolder>(&handler)) {
    served = holder->serve(principal, passage.call(), passage.response);
  } else if (auto const* person = std::get_if<ForSession>(&handler)) {
    served = serve_session(*person, passage);
  } else if (auto const* manager = std::get_if<ForManager>(&handler)) {
    auto permit = authz::Authorizer::decide(principal, *manager->action);
    if (!permit) {
      return refusals_.deny(
          permit.error(), passage.denied(&principal), passage.id, passage.response
      );
    }
    served = manager->serve(*permit, passage.call(), passage.response);
  } else {
    served = serve_tenant(std::get<ForTenant>(handler), passage, principal);
  }
  if (!served) problems_.render(served.error(), passage.id.text(), passage.response);
}

Result<void> Gate::serve_session(ForSession const& handler, Passage& passage) const {
  auto cookie = session_cookie(passage.request);
  auto session = options_.sessions ? options_.sessions->find(cookie) : std::nullopt;
  if (session) return handler.serve(*session, passage.call(), passage.response);
  return fail(Code::invalid_request, "this is about the session of the request, and it has none");
}

Result<void> Gate::serve_tenant(
    ForTenant const& handler, Passage& passage, domain::Principal const& principal
) const {
  auto refuse = [&](domain::Denial const& denial) {
    refusals_.deny(denial, passage.denied(&principal), passage.id, passage.response);
    return Result<void>();
  };
  auto permit = authz::Authorizer::decide(
      principal,
      *handler.action,
      rest_arguments(handler.arguments, passage.request, passage.match.parameters)
  );
  if (!permit) return refuse(permit.error());
  if (auto denial = options_.count_call(*permit, passage.response)) return refuse(*denial);
  auto store = stores_.open(*permit);
  return handler.serve(*permit, store, passage.call(), passage.response);
}

// A preflight is about the request that it announces.
bool Gate::is_open_to_origins(http::Request const& request) const {
  auto is_open = [&](http::Method method) {
    auto match = router_.find(method, request.path);
    return match.route && routes_[*match.route].open_to_origins;
  };
  if (request.method != http::Method::options) return is_open(request.method);
  auto announced = http::find_header(request, "Access-Control-Request-Method");
  return (announced == "GET" && is_open(http::Method::get)) ||
         (announced == "POST" && is_open(http::Method::post));
}

// A page of another origin must not use a browser as its messenger (DNS rebinding, CSRF); clients
// that are no browsers send no Origin. False if the request has been answered here.
bool Gate::pass_origin(Passage& passage) const {
  http::Request const& request = passage.request;
  http::Response& response = passage.response;
  auto origin = http::find_header(request, "Origin");
  if (!origin) {
    // A cache that keeps this answer must not give it to a page, which would miss the header below.
    bool is_document = request.method == http::Method::get && passage.route;
    if (is_document && passage.route->open_to_origins) response.add("Vary", "Origin");
    return true;
  }
  bool is_ours = std::ranges::find(options_.origins, *origin) != options_.origins.end();
  if (!is_ours && !is_open_to_origins(request)) {
    refusals_.deny(
        Failure{Code::forbidden, "This origin is not allowed.", {}},
        "origin",
        passage.denied(),
        passage.id,
        response
    );
    return false;
  }
  response.add("Access-Control-Allow-Origin", is_ours ? *origin : "*");
  response.add("Vary", "Origin");
  if (request.method != http::Method::options) {
    response.add("Access-Control-Expose-Headers", exposed_headers_);
    return true;
  }
  response.status = 204;
  response.add("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
  response.add("Access-Control-Allow-Headers", preflight_headers_);
  response.add("Access-Control-Max-Age", "600");
  return false;
}

}  // namespace keystead::api
