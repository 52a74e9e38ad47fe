// Users at rest, in the control plane's database: who they are here and at other issuers, and which
// tenants they belong to. Every function is safe from any thread, may block on the disk, and throws
// store::Broken if the database does not answer.
//
// As in ControlStore, a function that changes something takes the audit entry that says so and
// writes both in one transaction. Text that is too long, no UTF-8 or holds a NUL is refused with
// Code::invalid_request everywhere.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "domain/api_key.hpp"
#include "domain/audit_entry.hpp"
#include "domain/identity.hpp"
#include "domain/membership.hpp"
#include "domain/session.hpp"
#include "domain/user.hpp"
#include "store/broken.hpp"

namespace keystead::store {

struct FoundUser {
  domain::User user;
  bool is_new = false;
};

struct Member {
  domain::User user;
  domain::Role role;
};

// What ended with a user, for those who remember keys and sessions. A key whose seal is broken is
// among them as its row says, and might be remembered as it was.
struct EndedUser {
  std::vector<domain::ApiKey> keys;
  std::vector<domain::Session> sessions;
};

// Whether a tenant may be left without an owner. What another issuer has decided happens anyhow.
enum class LastOwner { stays, may_go };

class UserStore {
 public:
  virtual ~UserStore() = default;

  // Adds the user, and its first membership if there is one. conflict if the id exists or the
  // address of a local user is taken; not_found if the tenant is unknown; invalid_request if the
  // address is not as parse_email gives it, or a local user has none.
  virtual Result<void> create_user(
      domain::User const& user,
      std::optional<domain::Membership> const& membership,
      domain::AuditEntry const& entry
  ) = 0;
  // The user of this identity; where there is none, `fresh` with this identity. Of many who ask at
  // once one makes it. forbidden if the user has ended; otherwise fails as create_user does. The
  // entry is written for a new user only.
  virtual Result<FoundUser> find_or_create_user(
      domain::Identity const& identity, domain::User const& fresh, domain::AuditEntry const& entry
  ) = 0;
  // By id and by identity ended users are found too: the caller judges. By address only local ones
  // that have not ended; the address is as parse_email gives it.
  virtual std::optional<domain::User> find_user(domain::UserId const& id) = 0;
  virtual std::optional<domain::User> find_user(domain::Identity const& identity) = 0;
  virtual std::optional<domain::User> find_user_by_email(std::string_view email) = 0;
  // Behind an id, in the order of ids, ended ones too.
  virtual std::vector<domain::User> list_users(
      std::optional<domain::UserId> const& after, std::size_t limit
  ) = 0;

  // These three: not_found if the user is unknown, conflict if it has ended.
  virtual Result<void> rename_user(
      domain::UserId const& id, std::string const& name, domain::AuditEntry const& entry
  ) = 0;
  // A user who has a password must stay local: conflict. Otherwise as create_user. Ends the links
  // that were sent to the old address.
  virtual Result<void> set_email(
      domain::UserId const& id,
      std::string const& email,
      bool is_local,
      domain::AuditEntry const& entry
  ) = 0;
  // Ends the user's sessions, but for `keep`, and its unused links to reset the password, and
  // returns the sessions. conflict also if the user is not local.
  virtual Result<std::vector<domain::Session>> set_password(
      domain::UserId const& id,
      Secret const& phc,
      std::optional<domain::SessionId> const& keep,
      domain::AuditEntry const& entry
  ) = 0;
  // Ends the user with its sessions, links, second factors, memberships, grants and keys, and what
  // was narrowed from those. Its identities stay its own. Ending twice keeps the first time.
  // not_found if unknown; conflict if a tenant would lose its last owner.
  virtual Result<EndedUser> end_user(
      domain::UserId const& id, Time when, LastOwner last_owner, domain::AuditEntry const& entry
  ) = 0;

  // Linking again to the same user changes nothing. conflict if it is linked to another, or the
  // user has ended; not_found if the user is unknown.
  virtual Result<void> link_identity(
      domain::Identity const& identity, domain::UserId const& user, domain::AuditEntry const& entry
  ) = 0;
  virtual std::vector<domain::Identity> list_identities(domain::UserId const& user) = 0;

  // Adds the membership or changes its role. not_found if user or tenant is unknown; conflict if
  // the user has ended, or the tenant would lose its last owner.
  virtual Result<void> set_membership(
      domain::Membership const& membership, LastOwner last_owner, domain::AuditEntry const& entry
  ) = 0;
  // Ends the user's keys and grants in the tenant, and in those of its children that the user is no
  // member of itself; returns the keys with what was narrowed from them. not_found if there is no
  // membership; conflict if the tenant would lose its last owner.
  virtual Result<std::vector<domain::ApiKey>> remove_membership(
      domain::UserId const& user,
      domain::TenantId const& tenant,
      Time when,
      LastOwner last_owner,
      domain::AuditEntry const& entry
  ) = 0;
  // In this very tenant, whatever the user is in its parent.
  virtual std::optional<domain::Role> find_role(
      domain::UserId const& user, domain::TenantId const& tenant
  ) = 0;
  virtual std::vector<domain::Membership> list_memberships(domain::UserId const& user) = 0;
  virtual std::vector<Member> list_members(domain::TenantId const& tenant) = 0;

  // Setting the same again changes nothing. conflict if it stands for another tenant; not_found if
  // the tenant is unknown.
  virtual Result<void> set_external_tenant(
      domain::ExternalTenant const& external,
      domain::TenantId const& tenant,
      domain::AuditEntry const& entry
  ) = 0;
  virtual std::optional<domain::TenantId> find_tenant(domain::ExternalTenant const& external) = 0;
  // not_found if it stands for none.
  virtual Result<void> remove_external_tenant(
      domain::ExternalTenant const& external, domain::AuditEntry const& entry
  ) = 0;
};

}  // namespace keystead::store
