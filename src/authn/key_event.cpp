#include "authn/key_event.hpp"

#include <functional>

#include "codec/json.hpp"
#include "codec/utf8.hpp"

namespace keystead::authn {
namespace {

// A JSON object, member by member.
class Detail {
 public:
  void add(std::string_view name, std::string_view text) {
    begin(name);
    append(text);
  }
  void add(std::string_view name, std::vector<std::string> const& texts) {
    begin(name);
    text_ += '[';
    for (auto const& each : texts) {
      if (text_.back() != '[') text_ += ',';
      append(each);
    }
    text_ += ']';
  }
  void add_null(std::string_view name) {
    begin(name);
    text_ += "null";
  }
  std::string take() { return std::move(text_) + "}"; }

 private:
  void begin(std::string_view name) {
    if (text_.size() > 1) text_ += ',';
    append(name);
    text_ += ':';
  }
  // What was not checked at its making must not make the log unreadable.
  void append(std::string_view text) {
    codec::append_quoted(text_, codec::is_utf8(text) ? text : "?");
  }

  std::string text_ = "{";
};

template <class Item, class TextOf>
std::vector<std::string> texts_of(std::vector<Item> const& items, TextOf const& text_of) {
  std::vector<std::string> texts;
  texts.reserve(items.size());
  for (Item const& item : items) texts.push_back(std::invoke(text_of, item));
  return texts;
}

void add_restriction(Detail& detail, domain::Restriction const& restriction) {
  auto add = [&](std::string_view name, std::vector<std::string> const& texts) {
    if (!texts.empty()) detail.add(name, texts);
  };
  add("tools", restriction.tools);
  add("arguments", texts_of(restriction.arguments, &domain::ArgumentLimit::name));
  add("addresses", texts_of(restriction.addresses, &domain::AddressRange::text));
  add("ancestors", texts_of(restriction.ancestors, &domain::KeyId::text));
}

domain::AuditEntry entry_of(std::string_view event, Actor const& actor, Time at, Detail detail) {
  if (!actor.ancestors.empty())
    detail.add("actor_ancestors", texts_of(actor.ancestors, &domain::KeyId::text));
  domain::AuditEntry entry;
  entry.at = at;
  entry.event = event;
  entry.actor = actor.name;
  entry.request = actor.request;
  entry.detail = detail.take();
  return entry;
}

}  // namespace

domain::AuditEntry key_event(
    std::string_view event,
    domain::ApiKey const& key,
    Actor const& actor,
    Time at,
    std::vector<Particular> const& more
) {
  Detail detail;
  detail.add("name", key.name);
  detail.add("kind", key.kind);
  if (!key.environment.empty()) detail.add("environment", key.environment);
  detail.add("scopes", key.scopes);
  if (key.expires_at)
    detail.add("expires_at", format_time(*key.expires_at));
  else
    detail.add_null("expires_at");
  add_restriction(detail, key.restriction);
  for (auto const& [name, text] : more) detail.add(name, text);
  auto entry = entry_of(event, actor, at, std::move(detail));
  entry.tenant = key.tenant;
  entry.subject = "key:" + key.id.text();
  return entry;
}

domain::AuditEntry tenant_event(
    std::string_view event,
    domain::TenantId const& tenant,
    std::string_view name,
    Actor const& actor,
    Time at
) {
  Detail detail;
  detail.add("name", name);
  auto entry = entry_of(event, actor, at, std::move(detail));
  entry.tenant = tenant;
  entry.subject = "tenant:" + tenant.text();
  return entry;
}

}  // namespace keystead::authn
