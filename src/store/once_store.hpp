// What counts once, at rest in the control plane's database: links that are redeemed, and events
// that other systems deliver. Safe from any thread; throws store::Broken if the database does not
// answer. What changes something takes its audit entry, and both are one transaction.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/audit_entry.hpp"
#include "domain/one_time_link.hpp"
#include "store/broken.hpp"

namespace keystead::store {

// As its sender numbers it.
struct WebhookEvent {
  std::string source;
  std::string id;
};

class OnceStore {
 public:
  virtual ~OnceStore() = default;

  // Ends the unused links of the same purpose for the same user, or for the same address and tenant
  // where there is no user. not_found if user or tenant is unknown; conflict if the user has ended
  // or the digest exists; invalid_request if there is neither a user nor an address, or text that
  // cannot be kept.
  virtual Result<void> add_link(
      domain::OneTimeLink const& link, domain::AuditEntry const& entry
  ) = 0;
  // What redeem_link would redeem, for the page that asks before it: programs open links in e-mails
  // ahead of their readers.
  virtual std::optional<domain::OneTimeLink> find_link(
      domain::LinkDigest const& digest, domain::LinkPurpose purpose, Time now
  ) = 0;
  // Of many who redeem it at once one succeeds. not_found alike for a link that is unknown, used,
  // over or of another purpose.
  virtual Result<domain::OneTimeLink> redeem_link(
      domain::LinkDigest const& digest,
      domain::LinkPurpose purpose,
      Time now,
      domain::AuditEntry const& entry
  ) = 0;

  // Into this very tenant, not used and not over at `now`, the newest first.
  virtual std::vector<domain::OneTimeLink> list_invitations(
      domain::TenantId const& tenant, Time now
  ) = 0;
  // Ends the one of this address into this tenant. not_found if there is none.
  virtual Result<void> withdraw_invitation(
      domain::TenantId const& tenant, std::string_view email, domain::AuditEntry const& entry
  ) = 0;

  // Whether it is seen for the first time; of many at once, by one. Who does something that must
  // not be lost asks knows_event first, does it, and notes it then: an event that comes again
  // meanwhile is done again. invalid_request for text that cannot be kept. No record is left: what
  // is done leaves one.
  virtual Result<bool> note_event(WebhookEvent const& event, Time seen_at) = 0;
  virtual Result<bool> knows_event(WebhookEvent const& event) = 0;

  // Deletes links that are over at `now`, used or not, and events seen before `events_before`,
  // which must lie behind the window in which their signatures are good. Says how many.
  virtual std::size_t reap_once(Time now, Time events_before) = 0;
  // Deletes the events of one source that were seen before `seen_before`, for a source of many that
  // need not be known for long. Says how many.
  virtual std::size_t reap_events(std::string_view source, Time seen_before) = 0;
};

}  // namespace keystead::store
