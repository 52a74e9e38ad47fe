// Passkeys, one-time codes of an app and recovery codes at rest, in the control plane's database.
// Safe from any thread; throws store::Broken if the database does not answer.
//
// What a user can sign in with is changed together with its sessions: all but `keep` end, and are
// returned. These functions fail with not_found if the user is unknown, with conflict if it has
// ended. What changes something takes its audit entry, and both are one transaction; using a factor
// leaves no record of its own, since the sign-in does.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/audit_entry.hpp"
#include "domain/passkey.hpp"
#include "domain/session.hpp"
#include "domain/totp.hpp"
#include "store/broken.hpp"

namespace keystead::store {

using EndedSessions = std::vector<domain::Session>;

class SecondFactorStore {
 public:
  virtual ~SecondFactorStore() = default;

  // conflict also if the credential is known, whoever has it, or the user has kPasskeysMax;
  // invalid_request for a name that cannot be kept.
  virtual Result<EndedSessions> add_passkey(
      domain::Passkey const& passkey,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) = 0;
  virtual std::optional<domain::Passkey> find_passkey(std::string_view credential) = 0;
  // The oldest first.
  virtual std::vector<domain::Passkey> list_passkeys(domain::UserId const& user) = 0;
  // conflict unless the counter is beyond the one stored, or both are 0: there are two of this
  // authenticator (WebAuthn Level 3 §6.1.1). not_found if it was removed meanwhile.
  virtual Result<void> note_passkey_use(
      domain::PasskeyId const& id, std::uint32_t sign_count, Time used_at
  ) = 0;
  // These two: not_found also for a passkey of another user.
  virtual Result<void> rename_passkey(
      domain::UserId const& user,
      domain::PasskeyId const& id,
      std::string const& name,
      domain::AuditEntry const& entry
  ) = 0;
  virtual Result<EndedSessions> remove_passkey(
      domain::UserId const& user,
      domain::PasskeyId const& id,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) = 0;

  // Takes the place of one that was not confirmed. conflict also if one was.
  virtual Result<void> begin_totp(domain::Totp const& totp, domain::AuditEntry const& entry) = 0;
  virtual std::optional<domain::Totp> find_totp(domain::UserId const& user) = 0;
  // Asks for codes from now on, and accepts those of recovery instead. conflict also if it is
  // confirmed already; not_found also if there is none that begins as `begun` does.
  virtual Result<EndedSessions> confirm_totp(
      domain::Totp const& begun,
      std::int64_t step,
      std::span<domain::RecoveryDigest const> recovery,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) = 0;
  // Whether the step was not yet used, nor one behind it; of many at once, for one.
  virtual bool use_totp_step(domain::UserId const& user, std::int64_t step) = 0;
  // Whether there was such a code, which is then used up; of many at once, for one. The entry is
  // written if there was.
  virtual bool use_recovery_code(
      domain::UserId const& user,
      domain::RecoveryDigest const& digest,
      domain::AuditEntry const& entry
  ) = 0;
  virtual std::size_t count_recovery_codes(domain::UserId const& user) = 0;
  // With its recovery codes. not_found also if there is none.
  virtual Result<EndedSessions> remove_totp(
      domain::UserId const& user,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) = 0;
};

}  // namespace keystead::store
