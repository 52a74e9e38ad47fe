#include "app/service.hpp"

#include <fstream>
#include <iterator>

#include "app/log.hpp"
#include "app/role_scopes.hpp"
#include "app/version.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

std::vector<std::string> origins_of(Config const& config, std::string const& public_url) {
  std::vector<std::string> origins;
  if (!config.origins) return {config.service.url ? config.service.url->origin().text : public_url};
  for (auto const& origin : *config.origins) origins.push_back(origin.text);
  return origins;
}

void log_event(api::GateEvent const& event) {
  if (event.kind == api::GateEvent::Kind::broken) {
    log::error(
        "request.broken",
        {{"status", event.status},
         {"method", event.method},
         {"route", event.route},
         {"request", event.request_id},
         {"detail", event.detail}}
    );
    return;
  }
  bool is_denial = event.kind == api::GateEvent::Kind::denied;
  log::info(
      is_denial ? "request.denied" : "request.answered",
      {{"status", event.status},
       {"method", event.method},
       {"route", event.route},
       {"peer", event.peer},
       {"request", event.request_id}}
  );
}

// A narrowed key counts for the one at the root: otherwise children would multiply its quota. All
// tokens of a person count together, and so do those of a key.
domain::KeyId counted_key(domain::Principal const& principal) {
  if (principal.user()) return domain::KeyId::from(principal.user()->bytes());
  if (principal.key() == domain::KeyId() && principal.delegation()) {
    return domain::KeyId::from(principal.delegation()->grant.bytes());
  }
  auto const* restriction = principal.restriction();
  bool is_narrowed = restriction && !restriction->ancestors.empty();
  return is_narrowed ? restriction->ancestors.front() : principal.key();
}

std::vector<authn::IssuerRules> rules_of(std::vector<IssuerConfig> const& issuers) {
  std::vector<authn::IssuerRules> rules;
  rules.reserve(issuers.size());
  for (auto const& issuer : issuers) {
    rules.push_back({
        .name = issuer.name,
        .issuer = issuer.issuer,
        .audience = issuer.audience,
        .authorized_parties = issuer.authorized_parties,
        .algorithms = issuer.algorithms,
        .secret = issuer.secret,
        .jwks = issuer.jwks,
        .tenant_claims = issuer.tenant_claims,
        .role_claims = issuer.role_claims,
        .enterprise_authorization = issuer.enterprise_authorization,
        .tells_memberships = issuer.webhook_secret.has_value(),
    });
  }
  return rules;
}

authn::FetchDocument unreachable() {
  return [](std::string const&, http::Reach) -> Result<std::string> {
    return http::fetch_failed("nothing is fetched here");
  };
}

// What the limiter says of a call, in the terms of a denial; its state goes into the headers.
std::optional<domain::Denial> count_call(
    authz::RateLimiter& limiter, domain::Permit const& permit, http::Response& response
) {
  if (limiter.is_idle()) return std::nullopt;
  auto const& action = permit.action();
  auto verdict = limiter.take(
      counted_key(permit.principal()),
      permit.tenant(),
      action.tool.empty() ? action.name : action.tool,
      std::chrono::steady_clock::now()
  );
  // A batch is one response with many calls; what it tells is the state at the first.
  if (verdict.count > 0 && response.find("RateLimit").empty()) {
    std::string text;
    authz::append_rate_limit_policy(text, verdict);
    response.add("RateLimit-Policy", text);
    text.clear();
    authz::append_rate_limit(text, verdict);
    response.add("RateLimit", text);
  }
  if (verdict.is_allowed()) return std::nullopt;
  return domain::Denial{
      .action = &action,
      .reason = domain::DenialReason::rate_limited,
      .rule = std::string(verdict.refused_by),
      .retry_after = verdict.retry_after,
  };
}

authz::RateLimiter::Policy policy_of(RateLimitsConfig const& limits) {
  authz::RateLimiter::Policy policy{.key = limits.key, .tenant = limits.tenant};
  for (auto const& each : limits.tools) policy.tools.push_back({each.tools, each.limit});
  return policy;
}

domain::AuditEntry entry_of_call(
    domain::Permit const& permit, mcp::Tool const& tool, bool is_done, Clock const& clock
) {
  json::object detail{{"outcome", is_done ? "done" : "failed"}};
  if (auto const* restriction = permit.principal().restriction()) {
    auto& ancestors = detail["ancestors"].emplace_array();
    for (auto const& key : restriction->ancestors) ancestors.emplace_back(key.text());
    if (restriction->delegation) detail["client"] = restriction->delegation->client.text();
  }
  domain::AuditEntry entry;
  entry.at = clock.now();
  entry.kind = domain::AuditKind::call;
  entry.event = "tool.call";
  entry.actor = api::actor_name(permit.principal());
  entry.tenant = permit.tenant();
  entry.subject = tool.name;
  entry.detail = codec::to_text(detail);
  return entry;
}

std::optional<DpopUse> dpop_use(Config const& config) {
  return config.oauth ? config.oauth->dpop : std::nullopt;
}

std::vector<std::string> dpop_algorithms(Config const& config) {
  return dpop_use(config) ? authn::Dpop::algorithms() : std::vector<std::string>();
}

api::ResourceMetadata resource_of(Config const& config, domain::Issuers const& issuers) {
  return {
      .issuers = issuers,
      .name = config.service.shown_name(),
      .paths = config.mcp.paths,
      .scopes = scopes_to_ask_for(config),
      .takes_tokens = config.oauth.has_value(),
      .dpop_algorithms = dpop_algorithms(config),
      .is_dpop_required = dpop_use(config) == DpopUse::required,
  };
}

bool has_resource_metadata(Config const& config) {
  return config.oauth || config.mcp.resource_metadata;
}

api::ResourceDocuments documents_of(Config const& config, std::string const& public_url) {
  if (!has_resource_metadata(config)) return {};
  return {oauth::protected_resource_documents(public_url), config.mcp.paths.front()};
}

std::string joined(std::vector<std::string> const& texts) {
  std::string out;
  for (auto const& text : texts) out.append(out.empty() ? "" : " ").append(text);
  return out;
}

}  // namespace

Service::Service(Installation& installation, std::string const& public_url)
    : installation_(installation),
      issuers_(issuers_of(installation.config(), public_url)),
      problems_(
          public_url,
          installation.config().denials,
          documents_of(installation.config(), public_url),
          installation.config().oauth ? joined(scopes_to_ask_for(installation.config()))
                                      : std::string(),
          joined(dpop_algorithms(installation.config()))
      ),
      request_ids_(installation.random(), installation.clock()),
      refusals_(
          problems_,
          installation.config().scope_catalog,
          installation.clock(),
          [&installation](domain::AuditEntry entry) {
            installation.audit().record(std::move(entry));
          }
      ),
      key_json_(
          installation.config().keys.members,
          installation.config().key_kinds,
          installation.control(),
          installation.clock()
      ),
      actions_(installation.config().scope_catalog),
      limiter_(policy_of(installation.config().rate_limits)),
      guard_({.failures = installation.config().rate_limits.address}, installation.random()),
      strangers_({.failures = installation.config().rate_limits.address}, installation.random()) {}

Result<std::unique_ptr<Service>> Service::build(Installation& installation, Parts parts) {
  std::unique_ptr<Service> service(new Service(installation, parts.public_url));
  Config const& config = installation.config();
  service->collections_ = TRY(add_tools(
      config, installation.collections(), installation.clock(), service->actions_, service->tools_
  ));
  service->management_ = TRY(add_management(config, service->actions_));
  TRY(apply_rules(config, service->actions_));
  TRY(service->open_leak_reports());
  service->sign_in_ =
      TRY(SignInFront::make(
          installation,
          {.public_url = parts.public_url,
           .role_scopes = role_scopes(config.scope_catalog, service->actions_),
           .mail = parts.mail,
           .fetcher = parts.fetcher,
           .refusals = service->refusals_}
      ));
  service->open_dpop(parts.public_url);
  if (auto* keys = installation.token_keys()) {
    service->own_tokens_ = TRY(open_own_tokens(
        installation,
        *keys,
        service->issuers_,
        role_scopes(config.scope_catalog, service->actions_),
        service->dpop()
    ));
  }
  TRY(service->open_issuers(parts.fetcher));
  service->open_authorization(parts);
  service->open_verifier(parts.public_url);
  service->open_endpoint();
  service->open_gate(std::move(parts));
  return service;
}

Result<void> Service::check(Config const& config) {
  auto collections = collections_of(config);
  authz::ActionTable actions(config.scope_catalog);
  mcp::Toolbox tools;
  TRY(add_tools(config, collections, SystemClock(), actions, tools));
  TRY(add_management(config, actions));
  return apply_rules(config, actions);
}

Result<void> Service::open_leak_reports() {
  std::map<std::string, crypto::EcdsaKey, std::less<>> reporters;
  for (auto const& [name, path] : installation_.config().leak_reports.public_keys) {
    std::ifstream file(path, std::ios::binary);
    std::string pem(std::istreambuf_iterator<char>(file), {});
    auto key = crypto::EcdsaKey::parse_pem(pem);
    if (!key) {
      return fail(
          Code::invalid_request, "leak_reports: " + path.string() + ": " + key.error().public_text
      );
    }
    reporters.emplace(name, std::move(*key));
  }
  if (!reporters.empty()) leaks_.emplace(std::move(reporters), installation_.keys());
  return {};
}

void Service::open_dpop(std::string const& public_url) {
  Config const& config = installation_.config();
  if (!config.oauth || !config.oauth->dpop) return;
  dpop_.emplace(
      authn::Dpop::Parts{
          .url = public_url,
          .is_required = config.oauth->dpop == DpopUse::required,
          .asks_nonce = config.oauth->dpop_nonce,
          .digester = installation_.digester(),
          .once = installation_.control().once(),
          .clock = installation_.clock(),
      }
  );
}

Result<void> Service::open_issuers(http::Fetcher* fetcher) {
  Config const& config = installation_.config();
  auto& control = installation_.control();
  std::vector<api::Webhooks::Source> sources;
  for (auto const& issuer : config.issuers) {
    if (!issuer.webhook_secret) continue;
    auto key = api::Webhooks::parse_key(*issuer.webhook_secret);
    if (!key) {
      return fail(
          Code::invalid_request,
          "issuers." + issuer.name + ".webhook_secret: " + key.error().public_text
      );
    }
    sources.push_back({issuer.issuer, std::move(*key)});
  }
  if (!sources.empty()) {
    webhooks_.emplace(
        api::Webhooks::Parts{
            std::move(sources),
            sign_in_->people(),
            control.users(),
            control,
            control.once(),
            installation_.clock(),
            installation_.random()
        }
    );
  }
  if (!config.issuers.empty()) {
    tokens_ =
        TRY(authn::ExternalTokens::make({
            .issuers = rules_of(config.issuers),
            .scopes = role_scopes(config.scope_catalog, actions_),
            .inner_tenants_only = installation_.key_rules().inner_tenants_only,
            .fetch = fetcher ? authn::documents_of(*fetcher) : unreachable(),
            .users = control.users(),
            .tenants = control,
            .random = installation_.random(),
            .heeds_keys = dpop_.has_value(),
            .forget = [&ring = installation_.ring()](auto const& user) { ring.forget_user(user); },
            .report = [](
                          std::string_view issuer, std::string_view what
                      ) { log::info("token.refused", {{"issuer", issuer}, {"why", what}}); },
        }));
  }
  authenticator_ = std::make_unique<authn::Authenticator>(
      installation_.key_rules(),
      installation_.digester(),
      control,
      installation_.ring(),
      installation_.clock(),
      tokens_.get(),
      &sign_in_->sessions(),
      own_tokens_.get()
  );
  return {};
}

void Service::open_authorization(Parts const& parts) {
  Config const& config = installation_.config();
  auto* keys = installation_.token_keys();
  if (!config.oauth || !keys) return;
  authorization_.emplace(
      installation_,
      AuthorizationFront::Parts{
          .config = *config.oauth,
          .issuers = issuers_,
          .role_scopes = role_scopes(config.scope_catalog, actions_),
          .takes_assertions = tokens_ && tokens_->takes_assertions(),
          .fetcher = parts.fetcher ? *parts.fetcher : no_fetcher_,
          .sign_in = sign_in_->sign_in(),
          .strangers = strangers_,
          .forget = [&ring =
                         installation_.ring()](auto const& grants) { ring.forget_grants(grants); },
          .dpop = dpop(),
      }
  );
  token_front_.emplace(
      installation_,
      TokenFront::Parts{
          .config = *config.oauth,
          .keys = *keys,
          .issuers = issuers_,
          .authenticator = *authenticator_,
          .own_tokens = *own_tokens_,
          .external_tokens = tokens_.get(),
          .access = access_rules(config, role_scopes(config.scope_catalog, actions_)),
          .clients = authorization_->clients(),
          .client_keys = authorization_->client_keys(),
          .devices = authorization_->devices(),
          .pushed = authorization_->pushed(),
          .guard = guard_,
          .strangers = strangers_,
          .refusals = refusals_,
          .dpop = dpop(),
      }
  );
}

void Service::note_uses() {
  installation_.note_key_uses();
  if (own_tokens_) installation_.control().grants().note_grant_uses(own_tokens_->take_uses());
  if (dpop_) dpop_->reap();
}

void Service::open_verifier(std::string const& public_url) {
  Config const& config = installation_.config();
  auto const& secret = config.verify.secret;
  if (!config.verify.enabled && !secret) return;
  std::optional<api::IdentitySigner> signer;
  if (secret) signer.emplace(public_url, *secret, config.verify.lifetime);
  verifier_.emplace(
      api::VerifyParts{
          .from = config.verify.from,
          .credential_headers = {config.keys.headers, &config.key_kinds, takes_tokens()},
          .action = *management_.pass,
          .actions = actions_,
          .kinds = config.key_kinds,
          .scopes = config.scope_catalog,
          .refusals = refusals_,
          .clock = installation_.clock(),
          .count_call = [this](
                            auto const& permit, auto& response
                        ) { return count_call(limiter_, permit, response); },
          .complain =
              [](std::string_view detail) { log::error("verify.misasked", {{"detail", detail}}); },
      },
      std::move(signer)
  );
}

void Service::open_endpoint() {
  Config const& config = installation_.config();
  mcp::CallHooks hooks;
  hooks.before_call = [this](auto const& permit, auto const&, auto& response) {
    return count_call(limiter_, permit, response);
  };
  if (config.audit.calls) {
    hooks.after_call = [this](auto const& permit, auto const& tool, bool is_done) {
      installation_.audit().record(entry_of_call(permit, tool, is_done, installation_.clock()));
    };
  }
  auto denied = [this](mcp::Caller const& caller) {
    return api::DeniedCall{
        caller.request,
        gate_->address_of(caller.request),
        installation_.config().mcp.paths.front(),
        &caller.principal,
        api::Surface::mcp,
        caller.request.path
    };
  };
  endpoint_ = std::make_unique<mcp::Endpoint>(
      mcp::Endpoint::Options{
          .name = config.service.name,
          .title = config.service.title,
          .version = std::string(kVersion),
          .instructions = config.service.instructions,
          .page_size = config.mcp.page_size,
          .hooks = std::move(hooks),
      },
      tools_,
      installation_.tenants(),
      [this, denied](auto const& caller, auto const& denial, auto const& id, auto& response) {
        api::RequestId request_id(request_ids_);
        refusals_.deny_mcp(denial, id, denied(caller), request_id, response);
      },
      [this, denied](auto const& caller, auto const& denial) {
        api::RequestId request_id(request_ids_);
        return refusals_.deny_element(denial, denied(caller), request_id);
      }
  );
}

api::KeyParts Service::key_parts() {
  Config const& config = installation_.config();
  return {
      .path = config.keys.path,
      .read = management_.read_keys,
      .manage = management_.manage_keys,
      .keys = installation_.keys(),
      .store = installation_.control(),
      .kinds = config.key_kinds,
      .scopes = config.scope_catalog,
      .json = key_json_,
      .clock = installation_.clock(),
      .default_scopes = config.keys.default_scopes.value_or(std::vector<std::string>()),
      .note_uses = [this] { installation_.note_key_uses(); },
  };
}

api::PageParts Service::page_parts(std::string const& public_url) {
  Config const& config = installation_.config();
  auto const& service = config.service;
  auto const& limits = config.rate_limits;
  api::LimitParts told{.key = limits.key, .tenant = limits.tenant, .address = limits.address};
  for (auto const& each : limits.tools) told.tools.emplace_back(each.tools, each.limit);
  return {
      .title = service.shown_name(),
      .instructions = service.instructions,
      .version = std::string(kVersion),
      .url = public_url,
      .tenant = config.tenant.nouns.back(),
      .mcp_path = config.mcp.paths.front(),
      .credential_headers = config.keys.headers,
      .keys_path = config.keys.path,
      .default_scopes = config.keys.default_scopes.value_or(std::vector<std::string>()),
      .scopeless_is_full = config.keys.scopeless_is_full,
      .keys_max = config.keys.max_active,
      .limits = std::move(told),
      .kinds = config.key_kinds,
      .scopes = config.scope_catalog,
      .tools = tools_,
      .problems = problems_,
  };
}

void Service::open_gate(Parts parts) {
  Config const& config = installation_.config();
  std::optional<api::ResourceMetadata> resource;
  if (has_resource_metadata(config)) resource.emplace(resource_of(config, issuers_));
  std::optional<api::AuthorizationParts> authorization;
  if (authorization_) authorization.emplace(authorization_->routes());
  std::optional<api::TokenParts> tokens;
  if (token_front_) tokens.emplace(token_front_->routes());
  auto routes = api::make_routes({
      .version = std::string(kVersion),
      .mcp = *endpoint_,
      .mcp_paths = config.mcp.paths,
      .mcp_open = config.mcp.open,
      .tenants_have_addresses = issuers_.has_those_of_tenants(),
      .refusals = refusals_,
      .scopes = config.scope_catalog,
      .collections = collections_,
      .keys = key_parts(),
      .denials =
          {management_.read_denials,
           installation_.control(),
           [this] { installation_.audit().flush(); }},
      .documents = page_parts(parts.public_url),
      .auth = {installation_.control().users(), config.scope_catalog},
      .sign_in = &sign_in_->sign_in(),
      .sign_in_pages = sign_in_->pages(),
      .oidc = sign_in_->providers(),
      .links = &sign_in_->links(),
      .members = sign_in_->members(management_.manage_members),
      .leaks = leaks_ ? &*leaks_ : nullptr,
      .webhooks = webhooks_ ? &*webhooks_ : nullptr,
      .verifier = verifier_ ? &*verifier_ : nullptr,
      .resource = std::move(resource),
      .authorization = std::move(authorization),
      .tokens = std::move(tokens),
      .is_ready = [this] { return ready_.load(); },
      .metrics = std::move(parts.metrics),
  });
  bool log_denials = config.log.requests != RequestLog::none;
  gate_ = std::make_unique<api::Gate>(
      api::Gate::Options{
          .credential_headers =
              {config.keys.headers, &config.key_kinds, takes_tokens(), dpop_.has_value()},
          .origins = origins_of(config, parts.public_url),
          .trusted_proxies = config.trusted_proxies,
          .sessions = &sign_in_->sessions(),
          .dpop = dpop(),
          .report =
              [log_denials](api::GateEvent const& event) {
                if (log_denials || event.kind == api::GateEvent::Kind::broken) log_event(event);
              },
          .report_every_request = config.log.requests == RequestLog::all,
          .count_call = [this](
                            auto const& permit, auto& response
                        ) { return count_call(limiter_, permit, response); },
      },
      std::move(routes),
      *authenticator_,
      guard_,
      installation_.tenants(),
      problems_,
      refusals_,
      request_ids_
  );
}

}  // namespace keystead::app
