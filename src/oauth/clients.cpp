#include "oauth/clients.hpp"

#include <boost/json/object.hpp>

#include "codec/json.hpp"
#include "oauth/client_event.hpp"

namespace keystead::oauth {
namespace {

constexpr std::string_view kChangedAt = "changed_at";

// What a person judges it by, and how it proves itself.
bool is_same(domain::Client const& a, domain::Client const& b) {
  return a.name == b.name && a.redirect_uris == b.redirect_uris && a.auth == b.auth &&
         a.jwks == b.jwks && a.grant_types == b.grant_types;
}

void note_change(domain::Client& client, Time at) {
  auto metadata = codec::parse_json(client.metadata).value();
  metadata.as_object()[kChangedAt] = format_time(at);
  client.metadata = codec::to_text(metadata);
}

}  // namespace

Result<domain::Client> Clients::find(
    domain::ClientId const& id, Time now, authn::Actor const& actor
) const {
  auto known = store_.find_client(id);
  if (!is_document_url(id.text()) || (known && known->fresh_until > now)) {
    if (known) return std::move(*known);
    return fail(Code::not_found, "There is no such client.");
  }
  auto client = TRY(documents_.fetch(id, now));
  bool is_new = !known || !is_same(*known, client);
  note_change(client, is_new ? now : changed_at(*known));
  auto event = is_new ? "client.document" : "client.refresh";
  TRY(store_.put_client(client, client_event(event, client, actor, now)));
  return client;
}

Time changed_at(domain::Client const& client) {
  auto metadata = codec::parse_json(client.metadata);
  auto const* members = metadata ? metadata->if_object() : nullptr;
  auto const* text = members ? members->if_contains(kChangedAt) : nullptr;
  if (!text || !text->is_string()) return client.created_at;
  return parse_time(text->get_string()).value_or(client.created_at);
}

}  // namespace keystead::oauth
