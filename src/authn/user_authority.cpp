#include "authn/user_authority.hpp"

#include "authn/user_event.hpp"

namespace keystead::authn {

void UserAuthority::forget(domain::UserId const& user, std::vector<domain::ApiKey> const& keys) {
  std::vector<domain::KeyId> ids;
  ids.reserve(keys.size());
  for (auto const& key : keys) ids.push_back(key.id);
  // With the tokens that stand on the keys, which are in the ring under digests of their own.
  ring_.forget_families(ids);
  ring_.forget_user(user);
}

Result<void> UserAuthority::end(
    domain::UserId const& user, store::LastOwner last_owner, Actor const& actor
) {
  Time now = clock_.now();
  auto entry = user_event("user.end", user, {}, actor, now);
  auto ended = TRY(users_.end_user(user, now, last_owner, entry));
  forget(user, ended.keys);
  return {};
}

Result<void> UserAuthority::set_password(
    domain::UserId const& user,
    Secret const& phc,
    std::optional<domain::SessionId> const& keep,
    Actor const& actor
) {
  auto entry = user_event("user.password", user, {}, actor, clock_.now());
  TRY(users_.set_password(user, phc, keep, entry));
  forget(user, {});
  return {};
}

Result<void> UserAuthority::set_membership(
    domain::Membership const& membership, store::LastOwner last_owner, Actor const& actor
) {
  auto const& [user, tenant, role] = membership;
  auto entry = user_event(
      "membership.set", user, tenant, actor, clock_.now(), {{"role", std::string(name_of(role))}}
  );
  TRY(users_.set_membership(membership, last_owner, entry));
  forget(user, {});
  return {};
}

Result<void> UserAuthority::remove_membership(
    domain::UserId const& user,
    domain::TenantId const& tenant,
    store::LastOwner last_owner,
    Actor const& actor
) {
  Time now = clock_.now();
  auto entry = user_event("membership.remove", user, tenant, actor, now);
  auto keys = TRY(users_.remove_membership(user, tenant, now, last_owner, entry));
  forget(user, keys);
  return {};
}

}  // namespace keystead::authn
