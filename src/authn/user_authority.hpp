// Ends what people may do. As with keys, an end must reach the store first and the ring before the
// caller is told.
#pragma once

#include "authn/key_event.hpp"
#include "authn/ring.hpp"
#include "base/clock.hpp"
#include "store/user_store.hpp"

namespace keystead::authn {

// Safe from any thread. Functions may wait for the disk and throw store::Broken; what they return
// has been made durable, together with its row in the audit log.
class UserAuthority {
 public:
  // All references outlive it.
  UserAuthority(store::UserStore& users, Ring& ring, Clock const& clock)
      : users_(users), ring_(ring), clock_(clock) {}

  // When this returns, the user's tokens, sessions and keys are refused everywhere on this node.
  // Ending twice is no failure. Fails as UserStore::end_user does.
  Result<void> end(domain::UserId const& user, store::LastOwner last_owner, Actor const& actor);

  // `phc` is as authn::PasswordDesk::hash gives it. All sessions of the user but `keep` end, and
  // what the ring knows of that one, too. Fails as UserStore::set_password does.
  Result<void> set_password(
      domain::UserId const& user,
      Secret const& phc,
      std::optional<domain::SessionId> const& keep,
      Actor const& actor
  );

  // A role that changed counts from the next request on. Fails as UserStore::set_membership does.
  Result<void> set_membership(
      domain::Membership const& membership, store::LastOwner last_owner, Actor const& actor
  );

  // The same for what the user may do in one tenant. Fails as UserStore::remove_membership does.
  Result<void> remove_membership(
      domain::UserId const& user,
      domain::TenantId const& tenant,
      store::LastOwner last_owner,
      Actor const& actor
  );

 private:
  void forget(domain::UserId const& user, std::vector<domain::ApiKey> const& keys);

  store::UserStore& users_;
  Ring& ring_;
  Clock const& clock_;
};

}  // namespace keystead::authn
