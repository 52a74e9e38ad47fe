// What UserStoreOn does with memberships, and with tenants as other issuers name them.
#pragma once

#include "store/tenant_table.hpp"
#include "store/user_store_on.hpp"

namespace keystead::store {

template <class Store>
Result<void> UserStoreOn<Store>::set_membership(
    domain::Membership const& membership, LastOwner last_owner, domain::AuditEntry const& entry
) {
  Writing writing(store_);
  TRY(need_living_user(*writing, membership.user));
  if (membership.role != domain::Role::owner) {
    TRY(check_owners(*writing, membership.user, membership.tenant, last_owner));
  }
  TRY(write_membership(*writing, membership));
  writing.commit_with(entry);
  return {};
}

template <class Store>
Result<std::vector<domain::ApiKey>> UserStoreOn<Store>::remove_membership(
    domain::UserId const& user,
    domain::TenantId const& tenant,
    Time when,
    LastOwner last_owner,
    domain::AuditEntry const& entry
) {
  Writing writing(store_);
  if (!select_role(*writing, user, tenant)) return fail(Code::not_found, "no such membership");
  TRY(check_owners(*writing, user, tenant, last_owner));
  writing->prepare("DELETE FROM membership WHERE tenant = ? AND user_id = ?")
      .bind(tenant, user)
      .run();
  KeyTableOn keys(*writing, store_.seal());
  auto ended = TRY(end_keys(keys, select_owned_keys(*writing, user, tenant), when));
  writing->prepare(grant_row::kEndOfMember).bind(when, user, tenant).run();
  writing.commit_with(entry, ended.ends);
  return std::move(ended.keys);
}

template <class Store>
std::optional<domain::Role> UserStoreOn<Store>::find_role(
    domain::UserId const& user, domain::TenantId const& tenant
) {
  Reading reading(store_);
  return select_role(*reading, user, tenant);
}

template <class Store>
std::vector<domain::Membership> UserStoreOn<Store>::list_memberships(domain::UserId const& user) {
  Reading reading(store_);
  auto statement =
      reading->prepare("SELECT tenant, role FROM membership WHERE user_id = ? ORDER BY tenant");
  statement.bind(user);
  std::vector<domain::Membership> memberships;
  while (statement.next()) {
    memberships.push_back(
        {user, statement.template id<domain::TenantId>(0), membership_row::read_role(statement, 1)}
    );
  }
  return memberships;
}

template <class Store>
std::vector<Member> UserStoreOn<Store>::list_members(domain::TenantId const& tenant) {
  Reading reading(store_);
  auto statement = reading->prepare(user_row::kSelectMembers);
  statement.bind(tenant);
  std::vector<Member> members;
  while (statement.next()) {
    members.push_back(
        {user_row::read(statement), membership_row::read_role(statement, user_row::kColumns)}
    );
  }
  return members;
}

template <class Database>
std::optional<domain::TenantId> select_tenant(
    Database& database, domain::ExternalTenant const& external
) {
  auto statement =
      database.prepare("SELECT tenant FROM external_tenant WHERE issuer = ? AND external_id = ?");
  if (!statement.bind(external.issuer(), external.external_id()).next()) return std::nullopt;
  return statement.template id<domain::TenantId>(0);
}

template <class Store>
Result<void> UserStoreOn<Store>::set_external_tenant(
    domain::ExternalTenant const& external,
    domain::TenantId const& tenant,
    domain::AuditEntry const& entry
) {
  Writing writing(store_);
  if (!select_tenant(*writing, tenant)) return fail(Code::not_found, "no such tenant");
  if (auto present = select_tenant(*writing, external)) {
    if (*present == tenant) return {};
    return fail(Code::conflict, "the external tenant stands for another tenant");
  }
  writing->prepare("INSERT INTO external_tenant (issuer, external_id, tenant) VALUES (?, ?, ?)")
      .bind(external.issuer(), external.external_id(), tenant)
      .run();
  writing.commit_with(entry);
  return {};
}

template <class Store>
std::optional<domain::TenantId> UserStoreOn<Store>::find_tenant(
    domain::ExternalTenant const& external
) {
  Reading reading(store_);
  return select_tenant(*reading, external);
}

template <class Store>
Result<void> UserStoreOn<Store>::remove_external_tenant(
    domain::ExternalTenant const& external, domain::AuditEntry const& entry
) {
  Writing writing(store_);
  if (!select_tenant(*writing, external)) return fail(Code::not_found, "it stands for no tenant");
  writing->prepare("DELETE FROM external_tenant WHERE issuer = ? AND external_id = ?")
      .bind(external.issuer(), external.external_id())
      .run();
  writing.commit_with(entry);
  return {};
}

}  // namespace keystead::store
