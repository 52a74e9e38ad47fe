// Sessions at rest, in the control plane's database. Safe from any thread; throws store::Broken if
// the database does not answer. What changes something takes its audit entry, and both are one
// transaction.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "domain/audit_entry.hpp"
#include "domain/session.hpp"
#include "store/broken.hpp"

namespace keystead::store {

struct SessionUse {
  domain::SessionId session;
  Time seen_at;
  Time idle_until;
};

class SessionStore {
 public:
  virtual ~SessionStore() = default;

  // not_found if the user or the tenant is unknown; conflict if the user has ended, or the id or
  // the digest exists; invalid_request for text that cannot be kept.
  virtual Result<void> create_session(
      domain::Session const& session, domain::AuditEntry const& entry
  ) = 0;
  // Nothing for one that is over at `now`.
  virtual std::optional<domain::Session> find_session(
      domain::SessionDigest const& digest, Time now
  ) = 0;
  // Writes the last uses of many sessions in one transaction, and no record. A use older than the
  // one stored changes nothing, and none brings a session back that was over by then.
  virtual void note_session_uses(std::span<SessionUse const> uses) = 0;
  // Gives the session another digest, so that the cookie before is worth nothing from the moment
  // the next one is, and puts it into `tenant`. Its absolute end stays. Returns the session as it
  // is now; not_found if there is none of the old digest or it is over, or no such tenant; conflict
  // if the new digest exists.
  virtual Result<domain::Session> rotate_session(
      domain::SessionDigest const& old_digest,
      domain::SessionDigest const& new_digest,
      int pepper_version,
      std::optional<domain::TenantId> const& tenant,
      Time now,
      domain::AuditEntry const& entry
  ) = 0;
  // Returns what was revoked; not_found also for a session of another user.
  virtual Result<domain::Session> revoke_session(
      domain::UserId const& user, domain::SessionId const& id, domain::AuditEntry const& entry
  ) = 0;
  // All of the user's but `keep`.
  virtual std::vector<domain::Session> revoke_sessions(
      domain::UserId const& user,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) = 0;
  // Those that are not over, the latest seen first.
  virtual std::vector<domain::Session> list_sessions(domain::UserId const& user, Time now) = 0;
  // Deletes those that are over, without a record, and says how many.
  virtual std::size_t reap_sessions(Time now) = 0;
};

}  // namespace keystead::store
