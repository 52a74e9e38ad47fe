// OnceStore over the control plane in either database; for Store see user_store_on.hpp.
#pragma once

#include <vector>

#include "store/link_table.hpp"
#include "store/once_store.hpp"
#include "store/session_table.hpp"
#include "store/user_table.hpp"

namespace keystead::store {

template <class Store>
class OnceStoreOn final : public OnceStore {
 public:
  // The store outlives it.
  explicit OnceStoreOn(Store& store) : store_(store) {}

  Result<void> add_link(domain::OneTimeLink const& link, domain::AuditEntry const& entry) override {
    if (!link.user || !link.email.empty()) TRY(check_email(link.email, true));
    Writing writing(store_);
    if (link.user) TRY(need_living_user(*writing, *link.user));
    delete_superseded(*writing, link);
    TRY(insert_link(*writing, link));
    writing.commit_with(entry);
    return {};
  }

  std::optional<domain::OneTimeLink> find_link(
      domain::LinkDigest const& digest, domain::LinkPurpose purpose, Time now
  ) override {
    Reading reading(store_);
    auto statement = reading->prepare(link_row::kSelect);
    if (!statement.bind(digest, domain::name_of(purpose), now).next()) return std::nullopt;
    return link_row::read(statement, purpose);
  }

  Result<domain::OneTimeLink> redeem_link(
      domain::LinkDigest const& digest,
      domain::LinkPurpose purpose,
      Time now,
      domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    auto link = link_row::redeem(*writing, digest, purpose, now);
    if (!link) return fail(Code::not_found, "the link is not valid, or not any more");
    writing.commit_with(entry);
    return std::move(*link);
  }

  std::vector<domain::OneTimeLink> list_invitations(
      domain::TenantId const& tenant, Time now
  ) override {
    Reading reading(store_);
    auto statement = reading->prepare(link_row::kSelectInvitations);
    statement.bind(tenant, now);
    std::vector<domain::OneTimeLink> links;
    while (statement.next()) {
      links.push_back(link_row::read(statement, domain::LinkPurpose::invitation));
    }
    return links;
  }

  Result<void> withdraw_invitation(
      domain::TenantId const& tenant, std::string_view email, domain::AuditEntry const& entry
  ) override {
    Writing writing(store_);
    auto count = delete_counted(*writing, link_row::kDeleteInvitation, tenant, email);
    if (count == 0) return fail(Code::not_found, "no such invitation");
    writing.commit_with(entry);
    return {};
  }

  Result<bool> note_event(WebhookEvent const& event, Time seen_at) override {
    TRY(check_event(event));
    Writing writing(store_);
    bool is_new = insert_event(*writing, event, seen_at);
    writing.commit();
    return is_new;
  }

  Result<bool> knows_event(WebhookEvent const& event) override {
    TRY(check_event(event));
    Reading reading(store_);
    auto statement =
        reading->prepare("SELECT 1 FROM webhook_event WHERE source = ? AND event_id = ?");
    return statement.bind(event.source, event.id).next();
  }

  std::size_t reap_once(Time now, Time events_before) override {
    Writing writing(store_);
    auto count = delete_counted(
        *writing, "DELETE FROM one_time_link WHERE expires_at <= ? RETURNING 1", now
    );
    count += delete_counted(
        *writing, "DELETE FROM webhook_event WHERE seen_at < ? RETURNING 1", events_before
    );
    writing.commit();
    return count;
  }

  std::size_t reap_events(std::string_view source, Time seen_before) override {
    Writing writing(store_);
    auto count = delete_counted(
        *writing,
        "DELETE FROM webhook_event WHERE source = ? AND seen_at < ? RETURNING 1",
        source,
        seen_before
    );
    writing.commit();
    return count;
  }

 private:
  using Reading = typename Store::Reading;
  using Writing = typename Store::Writing;

  static constexpr std::size_t kNameBytesMax = 256;

  static Result<void> check_event(WebhookEvent const& event) {
    TRY(check_stored(event.source, kNameBytesMax, "the event's source"));
    TRY(check_stored(event.id, kNameBytesMax, "the event's id"));
    if (event.id.empty()) return fail(Code::invalid_request, "the event has no id");
    return {};
  }

  template <class Database>
  static bool insert_event(Database& database, WebhookEvent const& event, Time seen_at) {
    auto insert = database.prepare(
        "INSERT INTO webhook_event (source, event_id, seen_at) VALUES (?, ?, ?)"
        " ON CONFLICT DO NOTHING RETURNING 1"
    );
    return insert.bind(event.source, event.id, seen_at).next();
  }

  Store& store_;
};

}  // namespace keystead::store
