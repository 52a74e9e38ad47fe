#include "app/sign_in_front.hpp"

#include "app/log.hpp"
#include "app/sign_in_providers.hpp"

namespace keystead::app {
namespace {

void log_refusal(std::string_view provider, std::string_view why) {
  log::info("sign_in.refused", {{"provider", provider}, {"why", why}});
}

authn::Sessions::Parts session_parts(Installation& installation, SignInFront::Parts const& parts) {
  Config const& config = installation.config();
  auto& control = installation.control();
  return {
      .options = {.idle = config.sign_in.idle, .lifetime = config.sign_in.lifetime},
      .digester = installation.digester(),
      .store = control.sessions(),
      .users = control.users(),
      .places =
          authn::Places(control.users(), control, installation.key_rules().inner_tenants_only),
      .scopes = parts.role_scopes,
      .ring = installation.ring(),
      .clock = installation.clock(),
      .random = installation.random(),
  };
}

}  // namespace

Result<std::unique_ptr<SignInFront>> SignInFront::make(Installation& installation, Parts parts) {
  std::unique_ptr<SignInFront> front(new SignInFront(installation, std::move(parts)));
  TRY(front->open_providers());
  return front;
}

SignInFront::SignInFront(Installation& installation, Parts parts)
    : installation_(installation),
      parts_(std::move(parts)),
      people_(installation.control().users(), installation.ring(), installation.clock()),
      desk_({}, installation.random()),
      guard_({}, installation.random()),
      tickets_(
          installation.digester(),
          installation.control().once(),
          installation.clock(),
          installation.random()
      ),
      codes_(
          installation.config().service.shown_name(),
          installation.digester(),
          installation.control().second_factors(),
          installation.ring(),
          installation.clock(),
          installation.random()
      ),
      passkeys_(make_passkeys()),
      sessions_(session_parts(installation, parts_)),
      sign_in_({
          .sessions = sessions_,
          .desk = desk_,
          .people = people_,
          .codes = codes_,
          .passkeys = passkeys_.get(),
          .tickets = tickets_,
          .guard = guard_,
          .users = installation.control().users(),
          .refusals = parts_.refusals,
          .clock = installation.clock(),
      }),
      links_({
          .sign_in = sign_in_,
          .links = installation.links(),
          .mail = parts_.mail ? *parts_.mail : no_mail_,
          .url = parts_.public_url,
          .service = installation.config().service.shown_name(),
      }) {}

std::unique_ptr<authn::Passkeys> SignInFront::make_passkeys() {
  auto url = http::Url::parse(parts_.public_url);
  if (!url) return nullptr;
  auto name = installation_.config().service.shown_name();
  auto party = authn::webauthn::relying_party_of(*url, name);
  if (!party) return nullptr;
  return std::make_unique<authn::Passkeys>(
      std::move(*party),
      installation_.control().second_factors(),
      tickets_,
      installation_.ring(),
      installation_.clock(),
      installation_.random()
  );
}

Result<void> SignInFront::open_providers() {
  auto const& providers = installation_.config().sign_in.providers;
  if (providers.empty() || !parts_.fetcher) return {};
  auto const& digester = installation_.digester();
  auto& control = installation_.control();
  oidc_.emplace(
      authn::OidcSignIn::Parts{
          .providers =
              TRY(app::open_providers(providers, parts_.public_url, *parts_.fetcher, log_refusal)),
          // The same on every node. No key has this digest: none holds a colon.
          .box = crypto::SealedBox(digester.digest("oidc-flow:", digester.current_version())),
          .users = control.users(),
          .once = control.once(),
          .clock = installation_.clock(),
          .random = installation_.random(),
      }
  );
  oidc_logout_.emplace(
      authn::OidcLogout::Parts{*oidc_, sessions_, control.users(), installation_.clock()}
  );
  return {};
}

api::SignInPages SignInFront::pages() const {
  Config const& config = installation_.config();
  return {
      config.service.shown_name(),
      config.tenant.nouns.back(),
      oidc_ ? ways_of(config.sign_in.providers) : std::vector<api::ProviderWay>(),
      links_.parts().mail.delivers(),
      config.oauth.has_value()
  };
}

std::optional<api::OidcParts> SignInFront::providers() {
  if (!oidc_ || !oidc_logout_) return std::nullopt;
  return api::OidcParts{*oidc_, *oidc_logout_, sign_in_, log_refusal};
}

api::MemberParts SignInFront::members(domain::Action const* manage) {
  auto& control = installation_.control();
  auto const& shared = links_.parts();
  return {
      .manage = manage,
      .users = control.users(),
      .once = control.once(),
      .places = sessions_.places(),
      .people = people_,
      .links = shared.links,
      .mail = shared.mail,
      .clock = installation_.clock(),
      .url = shared.url,
      .service = shared.service,
  };
}

}  // namespace keystead::app
