#include "oauth/grant_event.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "codec/json.hpp"

namespace keystead::oauth {

namespace json = boost::json;

domain::AuditEntry grant_event(
    std::string_view event, domain::Grant const& grant, authn::Actor const& actor, Time at
) {
  json::object detail{
      {"client", grant.client.text()},
      {"scopes", json::array(grant.scopes.begin(), grant.scopes.end())},
  };
  if (grant.user) detail["user"] = grant.user->text();
  if (grant.key) detail["key"] = grant.key->text();
  domain::AuditEntry entry;
  entry.at = at;
  entry.event = event;
  entry.actor = actor.name;
  entry.tenant = grant.tenant;
  entry.subject = "grant:" + grant.id.text();
  entry.request = actor.request;
  entry.detail = codec::to_text(detail);
  return entry;
}

}  // namespace keystead::oauth
