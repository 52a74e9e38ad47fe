#include "app/token_front.hpp"

#include "store/once_store.hpp"

namespace keystead::app {
namespace {

oauth::RefreshTokens refresh_tokens_of(Installation& installation, TokenFront::Parts const& parts) {
  return oauth::RefreshTokens({
      .lifetime = parts.config.refresh_token,
      .digester = installation.digester(),
      .clock = installation.clock(),
      .random = installation.random(),
  });
}

std::function<void(std::vector<domain::GrantId> const&)> forget_in(authn::Ring& ring) {
  return [&ring](std::vector<domain::GrantId> const& grants) { ring.forget_grants(grants); };
}

std::optional<oauth::IdentityAssertions> open_assertions(
    Installation& installation, TokenFront::Parts const& parts
) {
  auto* tokens = parts.external_tokens;
  if (!tokens || !tokens->takes_assertions()) return std::nullopt;
  return oauth::IdentityAssertions({parts.access, *tokens, installation.control().once()});
}

oauth::GrantSurroundings surroundings_of(
    Installation& installation,
    TokenFront::Parts const& parts,
    oauth::IdentityAssertions const* assertions
) {
  Config const& config = installation.config();
  auto& control = installation.control();
  return {
      .retry_window = parts.config.retry_window,
      .scopes = config.scope_catalog,
      .access_tokens = oauth::AccessTokens({
          .lifetime = parts.config.access_token,
          .keys = parts.keys,
          .clock = installation.clock(),
          .random = installation.random(),
      }),
      .refresh_tokens = refresh_tokens_of(installation, parts),
      .authenticator = parts.authenticator,
      .digester = installation.digester(),
      .clients = control.clients(),
      .grants = control.grants(),
      .authorizations = control.authorizations(),
      .dpop = parts.dpop,
      .forget = forget_in(installation.ring()),
      .assertions = assertions,
      .clock = installation.clock(),
      .random = installation.random(),
  };
}

}  // namespace

domain::Issuers issuers_of(Config const& config, std::string const& public_url) {
  domain::Issuer root{public_url, {}};
  for (auto const& path : config.mcp.paths) root.resources.push_back(public_url + path);
  bool of_tenants = config.oauth && config.oauth->tenant_issuers;
  using enum domain::Issuers::OfTenants;
  return domain::Issuers(std::move(root), of_tenants ? each : none);
}

Result<std::unique_ptr<authn::OwnTokens>> open_own_tokens(
    Installation& installation,
    authn::TokenKeys& keys,
    domain::Issuers const& issuers,
    std::array<domain::ScopeSet, 4> const& role_scopes,
    authn::Dpop const* dpop
) {
  auto& control = installation.control();
  keys.get();  // so that nobody waits for their making
  return authn::OwnTokens::make({
      .issuers = issuers,
      .keys = keys,
      .rules = installation.key_rules(),
      .scopes = role_scopes,
      .control = control,
      .places =
          authn::Places(control.users(), control, installation.key_rules().inner_tenants_only),
      .bound_only = dpop && dpop->is_required(),
  });
}

TokenFront::TokenFront(Installation& installation, Parts const& parts)
    : parts_(parts),
      authentication_({
          .clients = parts_.clients,
          .authenticator = parts_.authenticator,
          .digester = installation.digester(),
          .kinds = installation.config().key_kinds,
          .assertions = oauth::ClientAssertions(parts_.client_keys, installation.control().once()),
          .clock = installation.clock(),
      }),
      assertions_(open_assertions(installation, parts_)),
      endpoint_(
          surroundings_of(installation, parts_, assertions_ ? &*assertions_ : nullptr),
          authentication_
      ),
      inspection_({
          .authentication = authentication_,
          .own_tokens = parts_.own_tokens,
          .refresh_tokens = refresh_tokens_of(installation, parts_),
          .digester = installation.digester(),
          .grants = installation.control().grants(),
          .forget = forget_in(installation.ring()),
          .clock = installation.clock(),
      }) {}

api::TokenParts TokenFront::routes() const {
  return {
      .issuers = parts_.issuers,
      .authentication = authentication_,
      .endpoint = endpoint_,
      .devices = parts_.devices,
      .pushed = parts_.pushed,
      .inspection = inspection_,
      .keys = parts_.keys,
      .guard = parts_.guard,
      .strangers = parts_.strangers,
      .refusals = parts_.refusals,
      .dpop = parts_.dpop,
  };
}

}  // namespace keystead::app
