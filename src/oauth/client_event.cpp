#include "oauth/client_event.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "codec/json.hpp"

namespace keystead::oauth {

namespace json = boost::json;

domain::AuditEntry client_event(
    std::string_view event, domain::Client const& client, authn::Actor const& actor, Time at
) {
  domain::AuditEntry entry;
  entry.at = at;
  entry.event = event;
  entry.actor = actor.name;
  entry.tenant = client.tenant;
  entry.subject = "client:" + client.id.text();
  entry.request = actor.request;
  entry.detail = codec::to_text(
      json::object{
          {"name", client.name},
          {"origin", name_of(client.origin)},
          {"redirect_uris", json::array(client.redirect_uris.begin(), client.redirect_uris.end())},
      }
  );
  return entry;
}

}  // namespace keystead::oauth
