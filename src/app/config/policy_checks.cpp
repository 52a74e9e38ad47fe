// What must hold of the rules, the sign-ins, the mail, and who may ask and report.
#include <algorithm>
#include <utility>

#include "app/config/checks.hpp"
#include "domain/issuer.hpp"
#include "domain/user.hpp"
#include "http/url.hpp"
#include "net/mail_server.hpp"
#include "oauth/redirect_uri.hpp"
#include "store/pepper.hpp"

namespace keystead::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRulesMax = 200;

void check_names(
    Reading& in,
    std::string const& path,
    std::string_view noun,
    std::vector<std::string> const& names,
    std::vector<std::string> const& known
) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    bool is_known = std::ranges::find(known, names[i]) != known.end();
    if (!names[i].empty() && !is_known) complain_unknown(in, join(path, i), noun, names[i], known);
  }
}

std::vector<std::string> kind_names(Config const& config) {
  std::vector<std::string> names{"tenant"};
  for (auto const& kind : config.keys.kinds) names.push_back(kind.name);
  return names;
}

void check_rules(Reading& in, Config const& config) {
  if (config.rules.size() > kRulesMax) {
    in.complain_at("rules", "more than " + std::to_string(kRulesMax) + " rules");
  }
  auto kinds = kind_names(config);
  for (auto const& rule : config.rules) {
    std::string path = join("rules", rule.name);
    if (!is_name(rule.name)) in.complain_at(path, kNameForm);
    check_names(
        in,
        join(path, "environments"),
        "environment",
        rule.environments,
        config.keys.format.environments()
    );
    check_names(in, join(path, "kinds"), "kind of keys", rule.kinds, kinds);
    check_scope(in, config.keys, join(path, "unless"), rule.unless_scope);
  }
}

// Of a URL that has been read; only a machine's own sign-in may do without TLS.
bool is_on_this_machine(Url const& url) {
  auto read = http::Url::parse(url.text);
  return read && read->is_loopback();
}

void check_jwks(Reading& in, std::string const& path, std::string const& text) {
  auto url = TextForm<Url>::parse(text);
  if (!url) {
    in.complain_at(path, url.error().public_text);
  } else if (url->text.starts_with("http:") && !is_on_this_machine(*url)) {
    in.complain_at(path, "expected https: keys that came over http could be anybody's");
  }
}

void check_issuer(Reading& in, IssuerConfig const& issuer) {
  std::string path = join("issuers", issuer.name);
  if (!is_name(issuer.name)) in.complain_at(path, kNameForm);
  check_issuer_url(in, join(path, "issuer"), issuer.issuer);
  if (!issuer.jwks.empty()) check_jwks(in, join(path, "jwks"), issuer.jwks);
  auto url = TextForm<Url>::parse(issuer.issuer);
  bool is_local = url && is_on_this_machine(*url);
  if (issuer.secret && !is_local && store::is_placeholder(issuer.secret->reveal())) {
    in.complain_at(join(path, "secret"), "the secret is a placeholder: use the issuer's own");
  }
}

// Whom it sends must be signed for with a key of its own, and there must be somebody to send them
// to.
void check_assertions(Reading& in, IssuerConfig const& issuer, bool has_oauth) {
  if (!issuer.enterprise_authorization) return;
  std::string path = join(join("issuers", issuer.name), "enterprise_authorization");
  if (!has_oauth) in.complain_at(path, "needs oauth: tokens are made by it");
  auto is_public = [](jose::Algorithm each) {
    return std::ranges::find(jose::kPublicKeyAlgorithms, each) != jose::kPublicKeyAlgorithms.end();
  };
  if (issuer.algorithms.empty() || std::ranges::any_of(issuer.algorithms, is_public)) return;
  in.complain_at(path, "needs an algorithm with public keys among algorithms");
}

bool is_configured(IssuerConfig const& issuer) {
  return is_issuer_given(issuer.issuer);
}

void check_issuers(Reading& in, std::vector<IssuerConfig>& issuers, bool has_oauth) {
  for (auto const& issuer : issuers) {
    if (!is_configured(issuer)) continue;
    check_issuer(in, issuer);
    check_assertions(in, issuer, has_oauth);
  }
  std::erase_if(issuers, std::not_fn(is_configured));
  for (std::size_t i = 0; i < issuers.size(); ++i) {
    auto here = issuers.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::ranges::find(issuers.begin(), here, issuers[i].issuer, &IssuerConfig::issuer) !=
        here) {
      in.complain_at(join(join("issuers", issuers[i].name), "issuer"), "this issuer comes twice");
    }
  }
}

void check_sign_in(Reading& in, SignInConfig const& sign_in) {
  constexpr std::chrono::seconds kIdleMin = std::chrono::minutes(5);
  constexpr std::chrono::seconds kIdleMax = std::chrono::days(90);
  constexpr std::chrono::seconds kLifetimeMax = std::chrono::days(366);
  if (sign_in.idle < kIdleMin || sign_in.idle > kIdleMax) {
    in.complain_at("sign_in.idle", "expected 5m to 90d");
  }
  if (sign_in.lifetime < sign_in.idle || sign_in.lifetime > kLifetimeMax) {
    in.complain_at("sign_in.lifetime", "expected no less than sign_in.idle, and no more than 366d");
  }
}

void check_mail(Reading& in, MailConfig& mail) {
  if (mail.url.empty()) return;
  if (auto server = net::MailServer::parse(mail.url); !server) {
    in.complain_at("mail.url", server.error().public_text);
  }
  auto from = domain::parse_email(mail.from);
  if (from)
    mail.from = *from;
  else
    in.complain_at("mail.from", "expected an e-mail address");
  if (mail.user.empty() != !mail.password) {
    in.complain_at("mail.password", "user and password go together");
  }
}

void check_oauth(Reading& in, KeysConfig const& keys, OAuthConfig const& oauth) {
  for (std::size_t i = 0; i < oauth.scopes.size(); ++i) {
    check_scope(in, keys, join("oauth.scopes", i), oauth.scopes[i]);
  }
  for (std::size_t i = 0; i < oauth.redirect_schemes.size(); ++i) {
    if (oauth::is_app_scheme(oauth.redirect_schemes[i])) continue;
    in.complain_at(
        join("oauth.redirect_schemes", i),
        "expected a scheme of an application, in lower case, and none that browsers know"
    );
  }
}

void check_token_lifetimes(Reading& in, OAuthConfig const& oauth) {
  constexpr std::chrono::days kAccessMax{1}, kRefreshMax{400};
  constexpr std::chrono::minutes kWindowMax{10};
  if (oauth.access_token > kAccessMax) in.complain_at("oauth.access_token", "expected 1s to 1d");
  if (oauth.refresh_token < oauth.access_token || oauth.refresh_token > kRefreshMax) {
    in.complain_at(
        "oauth.refresh_token", "expected no less than oauth.access_token, and no more than 400d"
    );
  }
  if (oauth.dpop_nonce && !oauth.dpop) {
    in.complain_at("oauth.dpop_nonce", "there are no proofs without oauth.dpop");
  }
  if (oauth.retry_window > kWindowMax) in.complain_at("oauth.retry_window", "expected 1s to 10m");
  constexpr std::array kSigning{
      jose::Algorithm::es256, jose::Algorithm::eddsa, jose::Algorithm::rs256, jose::Algorithm::hs256
  };
  if (std::ranges::find(kSigning, oauth.algorithm) == kSigning.end()) {
    in.complain_at("oauth.algorithm", "expected ES256, EdDSA, RS256 or HS256");
  }
}

void check_tenant_issuers(
    Reading& in, OAuthConfig const& oauth, std::vector<std::string> const& paths
) {
  if (!oauth.tenant_issuers) return;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!paths[i].starts_with(domain::Issuers::kTenants)) continue;
    in.complain_at(join("mcp.paths", i), "what is below /t is the tenants', see tenant_issuers");
  }
}

void check_verify(Reading& in, VerifyConfig const& verify) {
  constexpr std::chrono::seconds kLifetimeMin{1}, kLifetimeMax{3600};
  if (verify.lifetime < kLifetimeMin || verify.lifetime > kLifetimeMax) {
    in.complain_at("verify.lifetime", "expected 1s to 1h");
  }
  if (verify.secret && store::is_placeholder(verify.secret->reveal())) {
    in.complain_at(
        "verify.secret", "the secret is a placeholder: generate 32 random bytes instead"
    );
  }
}

}  // namespace

void check_issuer_url(Reading& in, std::string const& path, std::string const& text) {
  auto url = TextForm<Url>::parse(text);
  if (!url) {
    in.complain_at(path, url.error().public_text);
    return;
  }
  if (url->text.starts_with("http:") && !is_on_this_machine(*url)) {
    in.complain_at(path, "expected https: what it says over http could be anybody's");
  }
  if (url->text.find("//", url->text.find("://") + 3) != std::string::npos) {
    in.complain_at(path, "there is // in its path; what stands before must end without a /");
  }
}

bool is_issuer_given(std::string_view text) {
  return !text.empty() && !text.starts_with('/');
}

void finish_policy(Reading& in, Config& config, fs::path const& folder) {
  check_rules(in, config);
  check_verify(in, config.verify);
  check_issuers(in, config.issuers, config.oauth.has_value());
  check_sign_in(in, config.sign_in);
  finish_providers(in, config.sign_in.providers);
  check_mail(in, config.mail);
  if (config.oauth) {
    check_oauth(in, config.keys, *config.oauth);
    check_token_lifetimes(in, *config.oauth);
    check_tenant_issuers(in, *config.oauth, config.mcp.paths);
  }
  for (auto& [identifier, file] : config.leak_reports.public_keys) make_absolute(file, folder);
}

}  // namespace keystead::app
