#include "oauth/connections.hpp"

#include <algorithm>

#include "http/url.hpp"
#include "oauth/client_documents.hpp"
#include "oauth/grant_event.hpp"
#include "oauth/redirect_uri.hpp"

namespace keystead::oauth {
namespace {

void add(auto& items, auto const& item) {
  if (std::ranges::find(items, item) == items.end()) items.push_back(item);
}

std::string host_of(domain::Client const& client) {
  if (is_document_url(client.id.text())) {
    auto url = http::Url::parse(client.id.text());
    return url ? std::string(url->authority()) : std::string();
  }
  if (client.redirect_uris.empty()) return {};
  auto const& text = client.redirect_uris.front();
  std::string const scheme = text.substr(0, text.find(':'));
  auto uri = RedirectUri::parse(text, {&scheme, 1});
  return uri ? std::string(uri->place()) : std::string();
}

}  // namespace

Connection Connections::describe(domain::Grant const& grant) const {
  Connection connection;
  connection.id = grant.id;
  connection.client = grant.client;
  if (auto client = parts_.clients.find_client(grant.client)) {
    connection.name = client->name;
    connection.host = host_of(*client);
  }
  connection.tenant = grant.tenant;
  connection.first_approved_at = grant.created_at;
  connection.last_used_at = grant.last_used_at;
  connection.last_address = grant.last_address;
  return connection;
}

std::vector<Connection> Connections::list(domain::UserId const& user) const {
  std::vector<Connection> connections;
  // The last used grant comes first, so what it says of its last use is that of the client.
  for (auto const& grant : parts_.grants.list_grants(user)) {
    auto known = std::ranges::find_if(connections, [&](Connection const& each) {
      return each.client == grant.client && each.tenant == grant.tenant;
    });
    if (known == connections.end()) {
      connections.push_back(describe(grant));
      known = connections.end() - 1;
    }
    known->first_approved_at = std::min(known->first_approved_at, grant.created_at);
    for (auto const& scope : grant.scopes) add(known->scopes, scope);
  }
  return connections;
}

Result<void> Connections::end(
    domain::UserId const& user, domain::GrantId const& id, authn::Actor const& actor
) const {
  auto grant = parts_.grants.find_grant(id);
  if (!grant || grant->user != user || grant->ended_at) {
    return fail(Code::not_found, "There is no such connection.");
  }
  Time now = parts_.clock.now();
  auto entry = grant_event("grant.disconnect", *grant, actor, now);
  parts_.forget(parts_.grants.end_grants(user, grant->tenant, grant->client, now, entry));
  return {};
}

}  // namespace keystead::oauth
