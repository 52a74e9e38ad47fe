#include "api/identity.hpp"

#include <algorithm>

#include "api/refusals.hpp"
#include "codec/base64url.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

std::chrono::seconds seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
}

void append_claim(std::string& claims, std::string_view name, std::string_view value) {
  claims += ",\"";
  claims += name;
  claims += "\":";
  codec::append_quoted(claims, value);
}

void append_claim(std::string& claims, std::string_view name, std::chrono::seconds value) {
  claims += ",\"";
  claims += name;
  claims += "\":";
  claims += std::to_string(value.count());
}

std::string scopes_of(domain::ScopeSet const& set, domain::ScopeCatalog const& catalog) {
  std::string names;
  auto const& all = catalog.all();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!set.has(i)) continue;
    if (!names.empty()) names += ' ';
    names += all[i].name;
  }
  return names;
}

std::string_view environment_of(domain::Principal const& principal, domain::KeyKinds const& kinds) {
  auto const& names = kinds.all()[principal.kind()].format.environments();
  return principal.environment() < names.size() ? std::string_view(names[principal.environment()])
                                                : std::string_view();
}

}  // namespace

Identity identity_of(
    domain::Principal const& principal,
    domain::KeyKinds const& kinds,
    domain::ScopeCatalog const& scopes
) {
  return {
      .subject = actor_name(principal),
      .tenant = principal.tenant() ? principal.tenant()->text() : std::string(),
      .environment = environment_of(principal, kinds),
      .scopes = scopes_of(principal.scopes(), scopes),
      .until = principal.expires_at(),
  };
}

IdentitySigner::IdentitySigner(
    std::string_view issuer, Secret const& secret, std::chrono::seconds lifetime
)
    : begin_("{\"iss\":"), lifetime_(lifetime), sign_(secret.reveal()) {
  codec::append_quoted(begin_, issuer);
}

std::string IdentitySigner::sign(Identity const& identity, Time now) const {
  static std::string const kHeader =
      codec::base64url_encode(R"({"alg":"HS256","typ":"identity+jwt"})") + '.';
  constexpr std::size_t kRestMax = 256;  // of what is no name of a scope or an environment
  std::string claims;
  claims.reserve(begin_.size() + identity.scopes.size() + identity.environment.size() + kRestMax);
  claims += begin_;
  append_claim(claims, "sub", identity.subject);
  if (!identity.tenant.empty()) append_claim(claims, "tenant", identity.tenant);
  if (!identity.environment.empty()) append_claim(claims, "env", identity.environment);
  append_claim(claims, "scope", identity.scopes);
  append_claim(claims, "iat", seconds_of(now));
  append_claim(claims, "exp", std::min(seconds_of(now) + lifetime_, seconds_of(identity.until)));
  claims += '}';
  std::string jws = kHeader + codec::base64url_encode(claims);
  auto signature = sign_(jws);
  jws += '.';
  jws +=
      codec::base64url_encode({reinterpret_cast<char const*>(signature.data()), signature.size()});
  return jws;
}

void write_identity(Identity const& identity, std::string_view jws, http::Response& response) {
  response.add("X-Keystead-Subject", identity.subject);
  response.add("X-Keystead-Tenant", identity.tenant);
  response.add("X-Keystead-Environment", identity.environment);
  response.add("X-Keystead-Scopes", identity.scopes);
  response.add("X-Keystead-Identity", jws);
}

}  // namespace keystead::api
