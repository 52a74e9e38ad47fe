// Grants at rest, and the codes and tokens that are redeemed for more of them, in the control
// plane's database. Safe from any thread; throws store::Broken if the database does not answer.
// What changes something takes its audit entry, and both are one transaction. Of many who redeem
// the same code or token at once the database lets one win (attacks 47 and 54).
//
// A grant ends with what it stands on: ControlStore and UserStore end the grants of a key, a user,
// a membership or a tenant in the transaction that ends those.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/audit_entry.hpp"
#include "domain/grant.hpp"
#include "store/broken.hpp"

namespace keystead::store {

struct GrantUse {
  domain::GrantId grant;
  Time used_at;
  std::string address;  // empty: not known, the one before stays
};

// The code is the caller's to redeem only if the client, redirect_uri and verifier fit it: whether
// they do is checked before, so that nobody else ends a grant by replaying (attack 46).
struct RedeemedCode {
  enum class Outcome { redeemed, replayed };
  Outcome outcome;
  domain::Grant grant;                   // ended, if the code was replayed
  std::vector<domain::GrantId> ended{};  // it and what was exchanged from it
};

struct RotatedToken {
  enum class Outcome {
    rotated,   // by this call
    repeated,  // by another a moment ago: its successor is as good as new
    reused,    // longer ago, or its successor is used already: the grant has ended
  };
  Outcome outcome;
  domain::Grant grant;
  domain::RefreshToken successor{};  // as it is stored; none of one that was reused
  std::vector<domain::GrantId> ended{};
};

class GrantStore {
 public:
  virtual ~GrantStore() = default;

  // not_found if user, key, tenant or parent is unknown; conflict if one of them has ended, or the
  // id exists; invalid_request for text that cannot be kept.
  virtual Result<void> add_grant(domain::Grant const& grant, domain::AuditEntry const& entry) = 0;
  // Grants for which nobody is asked, of one bearer.
  static constexpr std::size_t kStandingMax = 100;
  // After which without a use one makes room for another: twice as long as any access token lives,
  // so that it has none which is good.
  static constexpr std::chrono::hours kStandingIdle{48};
  // The living grant with the same client, bearer, tenant, parent, scopes and resources as this
  // one, whose id does not count, if it is known to be in use at created_at of this one: noted no
  // longer ago than half of kStandingIdle.
  virtual std::optional<domain::Grant> find_alike(domain::Grant const& grant) = 0;
  // The living grant like that, which is then noted to be in use, or this one, which is then added.
  // So a script that asks every minute has one. Code::too_many_requests if there is no room for one
  // more.
  virtual Result<domain::Grant> find_or_add_grant(
      domain::Grant const& grant, domain::AuditEntry const& entry
  ) = 0;
  // Ended ones are found too: the caller judges.
  virtual std::optional<domain::Grant> find_grant(domain::GrantId const& id) = 0;
  // Living ones that a token was made of, the last used first.
  virtual std::vector<domain::Grant> list_grants(domain::UserId const& user) = 0;
  virtual std::vector<domain::Grant> list_grants(domain::KeyId const& key) = 0;
  // Whether any ever stood on the key.
  virtual bool has_grants(domain::KeyId const& key) = 0;
  // What the client may do for the user in the tenant by now, of all their living grants. For
  // consent that is remembered, and for step-up.
  virtual std::vector<std::string> granted_scopes(
      domain::UserId const& user,
      std::optional<domain::TenantId> const& tenant,
      domain::ClientId const& client
  ) = 0;
  // Writes "last used" of many grants in one transaction, and no record; an older time changes
  // nothing.
  virtual void note_grant_uses(std::span<GrantUse const> uses) = 0;
  // Ends it and what was exchanged from it, and returns those that lived. not_found if unknown.
  // Ending twice keeps the first time.
  virtual Result<std::vector<domain::GrantId>> end_grant(
      domain::GrantId const& id, Time when, domain::AuditEntry const& entry
  ) = 0;
  // All living ones of this client for this user in this tenant: Disconnect.
  virtual std::vector<domain::GrantId> end_grants(
      domain::UserId const& user,
      std::optional<domain::TenantId> const& tenant,
      domain::ClientId const& client,
      Time when,
      domain::AuditEntry const& entry
  ) = 0;

  // Adds the grant with it.
  virtual Result<void> add_code(
      domain::AuthorizationCode const& code,
      domain::Grant const& grant,
      domain::AuditEntry const& entry
  ) = 0;
  // Used ones too; nothing for one that is over at `now`.
  virtual std::optional<domain::AuthorizationCode> find_code(
      domain::GrantSecretDigest const& digest, Time now
  ) = 0;
  // The first refresh token of the grant is written with it, if there is one. `replay` is the
  // record of the other outcome. not_found for a code that is unknown or over, or whose grant has
  // ended.
  virtual Result<RedeemedCode> redeem_code(
      domain::GrantSecretDigest const& digest,
      std::optional<domain::RefreshToken> const& first,
      Time now,
      domain::AuditEntry const& entry,
      domain::AuditEntry const& replay
  ) = 0;

  // Used ones too; nothing for one that is over at `now` or whose grant has ended.
  virtual std::optional<domain::RefreshToken> find_refresh_token(
      domain::GrantSecretDigest const& digest, Time now
  ) = 0;
  // Uses the token and writes its successor, as the next generation of the same grant. One that was
  // used at most `retry_window` ago, and whose successor was not, is told as repeated; any other
  // used one ends the grant, with the record `reuse`. not_found for a token that is unknown or
  // over, or whose grant has ended.
  virtual Result<RotatedToken> rotate_refresh_token(
      domain::GrantSecretDigest const& digest,
      domain::RefreshToken const& successor,
      std::chrono::seconds retry_window,
      Time now,
      domain::AuditEntry const& entry,
      domain::AuditEntry const& reuse
  ) = 0;

  // Deletes codes and refresh tokens that are over at `now`, and grants that ended, or were used
  // last, before `idle_since`, which must lie behind the longest life of a token. Says how many.
  virtual std::size_t reap_grants(Time now, Time idle_since) = 0;
};

}  // namespace keystead::store
