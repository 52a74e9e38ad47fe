#include "app/authorization_front.hpp"

#include "authn/dpop.hpp"

namespace keystead::app {
namespace {

using domain::ClientAuth;
using domain::GrantType;

// Of clients that nobody vouches for.
oauth::ClientRules rules_of(AuthorizationFront::Parts const& parts, std::vector<ClientAuth> auths) {
  auto const& config = parts.config;
  std::vector<GrantType> types{
      GrantType::authorization_code, GrantType::refresh_token, GrantType::device_code
  };
  if (parts.takes_assertions) types.push_back(GrantType::jwt_bearer);
  return {
      .auths = std::move(auths),
      .grant_types = std::move(types),
      .redirect_schemes = config.redirect_schemes,
      .heeds_keys = config.dpop.has_value(),
      .takes_pushed = config.pushed_requests != oauth::Pushing::none,
  };
}

oauth::ClientRules document_rules(AuthorizationFront::Parts const& parts) {
  auto rules = rules_of(parts, {ClientAuth::none, ClientAuth::private_key_jwt});
  rules.takes_jwks_uri = true;
  return rules;
}

std::vector<std::string> names_of(std::vector<domain::Scope> const& scopes) {
  std::vector<std::string> names;
  names.reserve(scopes.size());
  for (auto const& scope : scopes) names.push_back(scope.name);
  return names;
}

oauth::AuthorizeRules authorize_rules(
    Config const& config, AuthorizationFront::Parts const& parts
) {
  return {
      access_rules(config, parts.role_scopes),
      parts.config.redirect_schemes,
      parts.config.dpop.has_value(),
      parts.config.pushed_requests,
  };
}

std::optional<oauth::PushedRequests> open_pushed(
    Installation& installation, AuthorizationFront::Parts const& parts
) {
  if (parts.config.pushed_requests == oauth::Pushing::none) return std::nullopt;
  return oauth::PushedRequests({
      .rules = authorize_rules(installation.config(), parts),
      .requests = installation.control().authorizations(),
      .digester = installation.digester(),
      .clock = installation.clock(),
      .random = installation.random(),
      .dpop = parts.dpop,
  });
}

}  // namespace

AuthorizationFront::AuthorizationFront(Installation& installation, Parts parts)
    : installation_(installation),
      parts_(std::move(parts)),
      documents_(
          {.rules = document_rules(parts_), .trusted_hosts = parts_.config.trusted_client_hosts},
          parts_.fetcher
      ),
      clients_(installation.control().clients(), documents_),
      client_keys_(parts_.config.trusted_client_hosts, parts_.fetcher),
      registration_({
          .options =
              {.rules = rules_of(
                   parts_,
                   {ClientAuth::client_secret_basic,
                    ClientAuth::none,
                    ClientAuth::client_secret_post,
                    ClientAuth::private_key_jwt}
               )},
          .clients = installation.control().clients(),
          .digester = installation.digester(),
          .clock = installation.clock(),
          .random = installation.random(),
      }),
      pushed_(open_pushed(installation, parts_)),
      consents_({
          .issuers = parts_.issuers,
          .rules = authorize_rules(installation.config(), parts_),
          .pushed = pushed(),
          .clients = clients_,
          .requests = installation.control().authorizations(),
          .grants = installation.control().grants(),
          .digester = installation.digester(),
          .clock = installation.clock(),
          .random = installation.random(),
      }),
      devices_({
          .issuers = parts_.issuers,
          .rules = access_rules(installation.config(), parts_.role_scopes),
          .clients = clients_,
          .devices = installation.control().authorizations(),
          .digester = installation.digester(),
          .clock = installation.clock(),
          .random = installation.random(),
      }),
      connections_({
          .clients = installation.control().clients(),
          .grants = installation.control().grants(),
          .forget = parts_.forget,
          .clock = installation.clock(),
      }),
      form_({
          .sign_in = parts_.sign_in,
          .scopes = installation.config().scope_catalog,
          .title = installation.config().service.shown_name(),
          .tenant_noun = installation.config().tenant.nouns.back(),
      }) {}

api::AuthorizationParts AuthorizationFront::routes() const {
  return {
      .issuers = parts_.issuers,
      .metadata = metadata(),
      .registration = parts_.config.registration ? &registration_ : nullptr,
      .pages = {parts_.issuers, form_, consents_, parts_.strangers},
      .devices = {form_, devices_, parts_.strangers},
      .connections = {parts_.sign_in, connections_},
  };
}

oauth::ServerMetadata AuthorizationFront::metadata() const {
  auto const& url = parts_.issuers.root().url;
  std::vector<std::string> types{
      "authorization_code",
      "refresh_token",
      "client_credentials",
      std::string(name_of(GrantType::token_exchange)),
      std::string(name_of(GrantType::device_code))
  };
  if (parts_.takes_assertions) types.emplace_back(name_of(GrantType::jwt_bearer));
  return {
      .issuer = url,
      .scopes = names_of(installation_.config().keys.scopes),
      .grant_types = std::move(types),
      .takes_registrations = parts_.config.registration,
      .pushing = parts_.config.pushed_requests,
      .takes_assertions = parts_.takes_assertions,
      .documentation = url + "/llms.txt",
      .dpop_algorithms =
          parts_.config.dpop ? authn::Dpop::algorithms() : std::vector<std::string>(),
  };
}

oauth::AccessRules access_rules(
    Config const& config, std::array<domain::ScopeSet, 4> const& role_scopes
) {
  return {config.scope_catalog, scopes_to_ask_for(config), role_scopes};
}

std::vector<std::string> scopes_to_ask_for(Config const& config) {
  if (config.oauth && !config.oauth->scopes.empty()) return config.oauth->scopes;
  return names_of(config.keys.scopes);
}

}  // namespace keystead::app
