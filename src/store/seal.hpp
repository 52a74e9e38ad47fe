// The seal of what the database holds: a MAC under a key that lies outside it, so that a row which
// was changed behind our back is known (attack 98), and the audit log cannot be written anew.
//
// The keys are derived from a version of the pepper; the version is kept with each MAC, so that
// peppers can be added. What a seal cannot see is a row put back, whole, to what it once was: the
// revocation journal is against that.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "crypto/digest.hpp"
#include "domain/api_key.hpp"
#include "domain/audit_entry.hpp"
#include "domain/grant.hpp"
#include "store/pepper.hpp"

namespace keystead::store {

// Where the audit log ends. It is kept beside the log under a MAC of its own, so that records cut
// off at the end are missed. Whoever can put an older head back as well goes unseen, unless the
// head was noted elsewhere.
struct AuditHead {
  std::uint64_t sequence = 0;  // of the last record; 0 while there is none
  domain::AuditHash hash{};    // of the last record
  int seal_version = 1;
  crypto::Digest mac{};
};

// Immutable; safe from any thread.
class Seal {
 public:
  // REQUIRES: at least one pepper; the first is the current one.
  explicit Seal(std::vector<Pepper> const& peppers);

  int current_version() const { return versions_.front().number; }
  bool knows(int version) const { return find(version) != nullptr; }

  // The MAC of what decides about a key: all but its name and when it was used last.
  // Throws store::Broken for a version that there is no pepper of.
  crypto::Digest of(domain::ApiKey const& key, int version) const;
  // The MAC of a grant that lives: all but when and where it was used last. One that has ended has
  // none, so that it cannot be brought back to life. Throws as above.
  crypto::Digest of(domain::Grant const& grant, int version) const;
  // The hash that a record must have behind one with the hash `before` (all zero for the first).
  // Throws store::Broken for a version that there is no pepper of.
  domain::AuditHash of(
      domain::AuditHash const& before,
      std::uint64_t sequence,
      domain::AuditEntry const& entry,
      int version
  ) const;
  // The head of a log that ends with this record, sealed with the current version.
  AuditHead head(std::uint64_t sequence, domain::AuditHash const& hash) const;

  // Whether a stored MAC is what it must be. False for a version that there is no pepper of.
  bool fits(domain::ApiKey const& key, int version, std::span<unsigned char const> mac) const;
  bool fits(domain::Grant const& grant, int version, std::span<unsigned char const> mac) const;
  bool fits(domain::AuditHash const& before, domain::AuditRecord const& record) const;
  bool fits(AuditHead const& head) const;

 private:
  struct Version {
    int number;
    crypto::HmacSha256 keys;
    crypto::HmacSha256 audit;
    crypto::HmacSha256 grants;
  };
  Version const* find(int version) const;  // null if there is no pepper of it
  Version const& need(int version) const;

  std::vector<Version> versions_;
};

// The seal as grants are read by it: rows that it does not fit are counted, for the alarm.
class SealWatch {
 public:
  // Both outlive it.
  SealWatch(Seal const& seal, std::atomic<std::uint64_t>& broken) : seal_(seal), broken_(broken) {}

  Seal const& seal() const { return seal_; }
  bool accepts(domain::Grant const& grant, int version, std::span<unsigned char const> mac) const {
    if (seal_.fits(grant, version, mac)) return true;
    ++broken_;
    return false;
  }

 private:
  Seal const& seal_;
  std::atomic<std::uint64_t>& broken_;
};

}  // namespace keystead::store
