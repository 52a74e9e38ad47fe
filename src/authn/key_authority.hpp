// Makes keys and ends them. It is the only writer of keys, because an end must reach the store
// first and the ring before the caller is told.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "authn/key_digester.hpp"
#include "authn/ring.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "domain/key_format.hpp"
#include "store/control_store.hpp"

namespace keystead::authn {

struct NewKey {
  domain::TenantId tenant;
  std::string name;
  std::vector<std::string> scopes;  // at least one, all declared
  std::optional<Time> expires_at;
  std::string environment;
};

struct CreatedKey {
  domain::ApiKey record;
  Secret key;  // shown once; kept nowhere
};

// Safe from any thread. Functions may wait for the disk and throw store::Broken; what they return
// has been made durable.
class KeyAuthority {
 public:
  // All references outlive it.
  KeyAuthority(
      domain::KeyFormat const& format,
      KeyDigester const& digester,
      domain::ScopeCatalog const& scopes,
      store::ControlStore& store,
      Ring& ring,
      Clock const& clock,
      Random& random
  );

  // Code::invalid_request for a name that is empty, too long or holds control characters, for an
  // unknown or a missing scope, an expiry that has passed, or a wrong environment; Code::not_found
  // for an unknown tenant.
  Result<CreatedKey> create(NewKey const& wanted);

  // When this returns, the key is refused everywhere on this node. Revoking twice is no failure.
  // Code::not_found if unknown.
  Result<domain::ApiKey> revoke(domain::KeyId const& id);

  // A successor with the same rights; the old key goes on for `overlap`, then ends. Code::conflict
  // if it has ended already.
  Result<CreatedKey> rotate(domain::KeyId const& id, std::chrono::seconds overlap);

  // Deletes a tenant with its keys, which are refused when this returns. Gives the ids of the
  // deleted tenants.
  Result<std::vector<domain::TenantId>> remove_tenant(domain::TenantId const& id);

  // Takes all active keys into the ring, so that the first request of each is fast. Called once, at
  // start.
  std::size_t fill_ring();

 private:
  Result<CreatedKey> mint(NewKey const& wanted);

  domain::KeyFormat const& format_;
  KeyDigester const& digester_;
  domain::ScopeCatalog const& scopes_;
  store::ControlStore& store_;
  Ring& ring_;
  Clock const& clock_;
  Random& random_;
};

}  // namespace keystead::authn
