#include "authn/user_event.hpp"

#include <boost/json/object.hpp>

#include "codec/json.hpp"

namespace keystead::authn {

domain::AuditEntry user_event(
    std::string_view event,
    domain::UserId const& user,
    std::optional<domain::TenantId> const& tenant,
    Actor const& actor,
    Time at,
    std::vector<Particular> const& more
) {
  boost::json::object detail;
  for (auto const& [name, text] : more) detail[name] = text;
  domain::AuditEntry entry;
  entry.at = at;
  entry.event = event;
  entry.actor = actor.name;
  entry.tenant = tenant;
  entry.subject = "user:" + user.text();
  entry.request = actor.request;
  entry.detail = codec::to_text(detail);
  return entry;
}

}  // namespace keystead::authn
