// UserStore over the control plane in either database. What a Store must have, for friends: Reading
// and Writing, which give its connection and end with the transaction, and seal().
#pragma once

#include "store/membership_table.hpp"
#include "store/session_table.hpp"
#include "store/user_store.hpp"

namespace keystead::store {

template <class Store>
class UserStoreOn final : public UserStore {
 public:
  // The store outlives it.
  explicit UserStoreOn(Store& store) : store_(store) {}

  Result<void> create_user(
      domain::User const& user,
      std::optional<domain::Membership> const& membership,
      domain::AuditEntry const& entry
  ) override;
  Result<FoundUser> find_or_create_user(
      domain::Identity const& identity, domain::User const& fresh, domain::AuditEntry const& entry
  ) override;
  std::optional<domain::User> find_user(domain::UserId const& id) override;
  std::optional<domain::User> find_user(domain::Identity const& identity) override;
  std::optional<domain::User> find_user_by_email(std::string_view email) override;
  std::vector<domain::User> list_users(
      std::optional<domain::UserId> const& after, std::size_t limit
  ) override;

  Result<void> rename_user(
      domain::UserId const& id, std::string const& name, domain::AuditEntry const& entry
  ) override;
  Result<void> set_email(
      domain::UserId const& id,
      std::string const& email,
      bool is_local,
      domain::AuditEntry const& entry
  ) override;
  Result<std::vector<domain::Session>> set_password(
      domain::UserId const& id,
      Secret const& phc,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) override;
  Result<EndedUser> end_user(
      domain::UserId const& id, Time when, LastOwner last_owner, domain::AuditEntry const& entry
  ) override;

  Result<void> link_identity(
      domain::Identity const& identity, domain::UserId const& user, domain::AuditEntry const& entry
  ) override;
  std::vector<domain::Identity> list_identities(domain::UserId const& user) override;

  Result<void> set_membership(
      domain::Membership const& membership, LastOwner last_owner, domain::AuditEntry const& entry
  ) override;
  Result<std::vector<domain::ApiKey>> remove_membership(
      domain::UserId const& user,
      domain::TenantId const& tenant,
      Time when,
      LastOwner last_owner,
      domain::AuditEntry const& entry
  ) override;
  std::optional<domain::Role> find_role(
      domain::UserId const& user, domain::TenantId const& tenant
  ) override;
  std::vector<domain::Membership> list_memberships(domain::UserId const& user) override;
  std::vector<Member> list_members(domain::TenantId const& tenant) override;

  Result<void> set_external_tenant(
      domain::ExternalTenant const& external,
      domain::TenantId const& tenant,
      domain::AuditEntry const& entry
  ) override;
  std::optional<domain::TenantId> find_tenant(domain::ExternalTenant const& external) override;
  Result<void> remove_external_tenant(
      domain::ExternalTenant const& external, domain::AuditEntry const& entry
  ) override;

 private:
  using Reading = typename Store::Reading;
  using Writing = typename Store::Writing;

  Store& store_;
};

}  // namespace keystead::store
