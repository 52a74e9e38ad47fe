#include "oauth/access_tokens.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "authn/own_tokens.hpp"
#include "jose/sign_jwt.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

std::int64_t seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

json::value audience_of(std::vector<std::string> const& resources) {
  if (resources.size() == 1) return json::value(resources.front());
  return json::array(resources.begin(), resources.end());
}

json::object actor_of(std::vector<domain::ClientId> const& actors) {
  json::object actor;
  for (auto each = actors.rbegin(); each != actors.rend(); ++each) {
    json::object outer{{"sub", "client:" + each->text()}};
    if (!actor.empty()) outer["act"] = std::move(actor);
    actor = std::move(outer);
  }
  return actor;
}

std::string joined(std::vector<std::string> const& scopes) {
  std::string text;
  for (auto const& scope : scopes) text.append(text.empty() ? "" : " ").append(scope);
  return text;
}

}  // namespace

std::string subject_of(domain::Grant const& grant) {
  if (grant.user) return "user:" + grant.user->text();
  if (grant.key) return "key:" + grant.key->text();
  return "client:" + grant.client.text();
}

AccessToken AccessTokens::make(
    domain::Issuer const& issuer, domain::Grant const& grant, Terms const& terms
) const {
  Time now = parts_.clock.now();
  Time end = std::min(now + parts_.lifetime, terms.not_after);
  json::object claims{
      {"iss", issuer.url},
      {"sub", subject_of(grant)},
      {"aud", audience_of(terms.resources)},
      {"client_id", grant.client.text()},
      {"iat", seconds_of(now)},
      {"exp", seconds_of(end)},
      {"jti", format_uuid(random_uuid(parts_.random))},
      {authn::kGrantClaim, grant.id.text()},
  };
  if (!terms.scopes.empty()) claims["scope"] = joined(terms.scopes);
  if (!terms.actors.empty()) claims["act"] = actor_of(terms.actors);
  if (!terms.key_thumbprint.empty()) claims["cnf"] = json::object{{"jkt", terms.key_thumbprint}};
  return {
      Secret(jose::sign_jwt({{"typ", "at+jwt"}}, claims, parts_.keys.get()->keys.current)),
      std::chrono::floor<std::chrono::seconds>(end - now),
  };
}

}  // namespace keystead::oauth
