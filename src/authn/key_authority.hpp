// Makes keys and ends them. It is the only writer of keys, because an end must reach the store
// first and the ring before the caller is told.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/key_digester.hpp"
#include "authn/key_event.hpp"
#include "authn/key_rules.hpp"
#include "authn/key_terms.hpp"
#include "authn/narrowing.hpp"
#include "authn/ring.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "domain/principal.hpp"
#include "store/control_store.hpp"

namespace keystead::authn {

struct CreatedKey {
  domain::ApiKey record;
  Secret key;  // shown once; kept nowhere
};

// A key that exists elsewhere already, of which only a hash is known.
struct ImportedKey {
  NewKey terms;
  std::string prefix;  // what may be shown of it: at most 24 characters
  domain::KeyDigest hash;
  // of_sha256: SHA-256 of the key, unkeyed. of_key: HMAC-SHA-256 under `pepper_version` of ours.
  domain::DigestForm form = domain::DigestForm::of_sha256;
  int pepper_version = 1;
};

// Safe from any thread. Functions may wait for the disk and throw store::Broken; what they return
// has been made durable, together with its row in the audit log.
class KeyAuthority {
 public:
  // All references outlive it.
  KeyAuthority(
      KeyRules const& rules,
      KeyDigester const& digester,
      store::ControlStore& store,
      Ring& ring,
      Clock const& clock,
      Random& random
  );

  // Code::invalid_request for a name that is empty, too long or holds control characters, for an
  // unknown or a missing scope, an expiry that has passed, an unknown kind, a tenant where the kind
  // has none or none where it has one, or a wrong environment; Code::not_found for an unknown
  // tenant; Code::too_many_requests when the tenant has as many keys as it may.
  Result<CreatedKey> create(NewKey const& wanted, Actor const& actor);

  // The same for a caller who holds a key: Code::forbidden for anything that the caller does not
  // have itself: another tenant, more scopes, another environment, a longer life, an address that
  // it may not use. A narrowed key makes no keys but narrower ones, and a key that has ended
  // meanwhile none at all.
  Result<CreatedKey> create_as(
      domain::Principal const& caller, NewKey const& wanted, Actor const& actor
  );

  // A child of a key, which ends with it. Code::invalid_request for what cannot be meant;
  // Code::forbidden if it would have more than its parent; Code::conflict if the parent has ended,
  // or there are too many levels (5) or living keys (100) that were narrowed from the same key,
  // over however many levels; Code::not_found for an unknown parent.
  Result<CreatedKey> narrow(
      domain::KeyId const& parent, Narrowing const& wanted, Actor const& actor
  );

  // When this returns, the key and all narrowed from it are refused everywhere on this node.
  // Revoking twice is no failure. Code::not_found if unknown. `event` is what the audit log calls
  // it: key.revoke, key.leaked.
  Result<domain::ApiKey> revoke(
      domain::KeyId const& id, Actor const& actor, std::string_view event = "key.revoke"
  );

  // The key whose text this is, of whatever state; nothing if there is none.
  std::optional<domain::ApiKey> find(std::string_view key) const;

  // A successor with the same rights; the old key goes on for `overlap`, then ends with all that
  // were narrowed from it. Code::conflict if it has ended already, or is a narrowed key;
  // Code::invalid_request for an overlap of less than nothing or more than 100 years.
  Result<CreatedKey> rotate(
      domain::KeyId const& id, std::chrono::seconds overlap, Actor const& actor
  );

  // Code::invalid_request as for a new key's name; Code::not_found.
  Result<domain::ApiKey> rename(
      domain::KeyId const& id, std::string const& name, Actor const& actor
  );

  // What create would say of the same terms; invalid_request for a prefix that shows too much and
  // for an unknown pepper; conflict for a hash that is there already. With Import::dry_run nothing
  // is written.
  enum class Import { dry_run, real };
  Result<domain::ApiKey> import(ImportedKey const& key, Import how, Actor const& actor);

  // Deletes a tenant with its keys, which are refused when this returns. Gives the ids of the
  // deleted tenants.
  Result<std::vector<domain::TenantId>> remove_tenant(
      domain::TenantId const& id, Actor const& actor
  );

  // Takes all active keys into the ring, so that the first request of each is fast. Called once, at
  // start.
  std::size_t fill_ring();

 private:
  // Gives a record what is still missing, and a key to it.
  Result<CreatedKey> mint(domain::ApiKey terms, Actor const& actor) const;
  Result<void> add(domain::ApiKey const& key, std::string_view event, Actor const& actor);
  store::KeyQuota quota_of(domain::ApiKey const& key) const;
  bool have_grants(std::vector<domain::ApiKey> const& keys) const;
  std::optional<domain::ApiKey> find_imported(domain::KeyDigest const& hash) const;
  Result<domain::ApiKey> find_living(domain::KeyId const& id, Time now) const;
  Result<void> check_room_below(domain::ApiKey const& child) const;
  Result<domain::ApiKey> record_of(ImportedKey const& key) const;
  Result<void> check_level(std::optional<domain::TenantId> const& id) const;
  Result<void> check_addable(domain::ApiKey const& key) const;

  KeyRules const& rules_;
  KeyDigester const& digester_;
  store::ControlStore& store_;
  Ring& ring_;
  Clock const& clock_;
  Random& random_;
  std::mutex narrowing_;  // so that keys are counted and made by one at a time
};

}  // namespace keystead::authn
