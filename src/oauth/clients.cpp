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
  auto known = find_known(id, now, actor);
  bool is_new = !known && known.error().code == Code::not_found && is_document_url(id.text());
  return is_new ? meet(id, now, actor) : std::move(known);
}

Result<domain::Client> Clients::find_known(
    domain::ClientId const& id, Time now, authn::Actor const& actor
) const {
  auto known = store_.find_client(id);
  if (!known) return fail(Code::not_found, "There is no such client.");
  if (!is_document_url(id.text()) || known->fresh_until > now) return std::move(*known);
  return renew(std::move(*known), now, actor);
}

Result<domain::Client> Clients::meet(
    domain::ClientId const& id, Time now, authn::Actor const& actor
) const {
  if (store_.count_documents(now - kCountedFor) >= new_max_) {
    return fail(Code::unavailable, "Too many new clients have come lately. Try again later.");
  }
  auto client = TRY(fetches_.fetch(id, now));
  note_change(client, now);
  TRY(store_.put_client(client, client_event("client.document", client, actor, now)));
  return client;
}

// Who was told that it is no client would forget what it has, so one that is known is told no such
// thing because of a document that cannot be read.
Result<domain::Client> Clients::renew(
    domain::Client known, Time now, authn::Actor const& actor
) const {
  auto client = read_again(known, now, actor);
  if (client || now < known.fresh_until.value_or(known.created_at) + kUsedOnFor) {
    return client ? std::move(*client) : std::move(known);
  }
  return fail(
      Code::unavailable,
      "The client's document cannot be read, and has not been for long. Try again later.",
      client.error().private_detail
  );
}

Result<domain::Client> Clients::read_again(
    domain::Client const& known, Time now, authn::Actor const& actor
) const {
  auto client = TRY(fetches_.fetch(known.id, now));
  bool is_changed = !is_same(known, client);
  note_change(client, is_changed ? now : changed_at(known));
  auto event = is_changed ? "client.document" : "client.refresh";
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
