// What the contract of ControlStore stands on: the kinds of store, one open store a test, and keys
// and records as text.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/authorization_store.hpp"
#include "store/client_store.hpp"
#include "store/control_store.hpp"
#include "store/grant_store.hpp"
#include "store/once_store.hpp"
#include "store/restriction_text.hpp"
#include "store/second_factor_store.hpp"
#include "store/session_store.hpp"
#include "store/signing_key_store.hpp"
#include "store/test_factors.hpp"
#include "store/test_folder.hpp"
#include "store/test_grants.hpp"
#include "store/test_keys.hpp"
#include "store/test_users.hpp"
#include "store/user_store.hpp"

namespace keystead::store {

struct StoreKind {
  std::string name;
  // Opens the store that the folder stands for; the same one when it is opened again.
  std::function<std::unique_ptr<ControlStore>(std::filesystem::path const&)> open;
  // Takes away what lies outside the folder when the test is over; may be empty.
  std::function<void(std::filesystem::path const&)> drop = {};

  friend std::ostream& operator<<(std::ostream& out, StoreKind const& kind) {
    return out << kind.name;
  }
};

class ControlStoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  ControlStoreContract() { reopen(); }
  ~ControlStoreContract() override {
    store.reset();
    if (GetParam().drop) GetParam().drop(folder.path());
  }

  void reopen() { reopen_with(test_seal()); }
  void reopen_with(Seal seal) {
    store.reset();
    store = GetParam().open(folder.path());
    store->seal_with(std::move(seal));
  }
  Result<void> add(domain::Tenant const& tenant) {
    return store->add_tenant(tenant, make_entry("tenant.create"));
  }
  Result<void> add(domain::User const& user) {
    return store->users().create_user(user, {}, make_entry("user.create"));
  }
  Result<void> add(domain::ApiKey const& key, KeyQuota const& quota = {}) {
    return store->add_key(key, quota, make_entry("key.create"));
  }
  Result<std::vector<domain::ApiKey>> revoke(domain::KeyId const& id, Time when) {
    return store->revoke_key(id, when, make_entry("key.revoke"));
  }
  Result<std::vector<domain::ApiKey>> rotate(
      domain::KeyId const& old_key, Time end, domain::ApiKey const& fresh, Time now
  ) {
    return store->rotate_key(old_key, end, fresh, now, make_entry("key.rotate"));
  }
  domain::Tenant add_tenant(std::string name = "acme") {
    auto tenant = make_tenant(std::move(name));
    EXPECT_TRUE(add(tenant));
    return tenant;
  }
  domain::ApiKey add_key(std::optional<domain::TenantId> const& tenant, std::string name = "ci") {
    auto key = make_key(tenant, std::move(name));
    EXPECT_TRUE(add(key));
    return key;
  }
  domain::ApiKey add_child(domain::ApiKey const& parent, std::string name = "child") {
    auto key = make_child(parent, std::move(name));
    EXPECT_TRUE(add(key));
    return key;
  }
  // A local one where there is an address.
  domain::User add_user(std::string email = "") {
    auto user = make_user(std::move(email));
    EXPECT_TRUE(add(user));
    return user;
  }
  void add_member(
      domain::User const& user,
      domain::Tenant const& tenant,
      domain::Role role = domain::Role::member
  ) {
    EXPECT_TRUE(store->users().set_membership(
        {user.id, tenant.id, role}, LastOwner::stays, make_entry("membership.set")
    ));
  }
  domain::ApiKey add_key_of(
      domain::User const& user, std::optional<domain::TenantId> const& tenant, std::string name
  ) {
    auto key = make_key(tenant, std::move(name));
    key.owner = user.id;
    EXPECT_TRUE(add(key));
    return key;
  }
  domain::Session add_session(domain::User const& user) {
    auto session = make_session(user);
    EXPECT_TRUE(store->sessions().create_session(session, make_entry("session.create")));
    return session;
  }
  domain::Passkey add_passkey(domain::User const& user) {
    auto passkey = make_passkey(user);
    EXPECT_TRUE(store->second_factors().add_passkey(passkey, {}, make_entry("passkey.add")));
    return passkey;
  }
  // Confirmed at step 100.
  void add_totp(
      domain::User const& user, std::vector<domain::RecoveryDigest> const& recovery = {}
  ) {
    auto totp = make_totp(user);
    auto& factors = store->second_factors();
    EXPECT_TRUE(factors.begin_totp(totp, make_entry("totp.begin")));
    EXPECT_TRUE(factors.confirm_totp(totp, 100, recovery, {}, make_entry("totp.confirm")));
  }
  domain::Grant add_grant(domain::Grant grant) {
    EXPECT_TRUE(store->grants().add_grant(grant, make_entry("grant.create")));
    return grant;
  }
  bool is_living(domain::Grant const& grant) {
    auto found = store->grants().find_grant(grant.id);
    return found && !found->ended_at;
  }
  std::vector<std::string> active_names(Time now) {
    std::vector<std::string> names;
    store->each_active_key(now, [&](domain::ApiKey const& key) { names.push_back(key.name); });
    return names;
  }

  TestFolder folder;
  std::unique_ptr<ControlStore> store;
};

// A key as one line, so that a test compares everything at once.
inline std::string render(domain::ApiKey const& key) {
  auto time = [](std::optional<Time> const& value) {
    return value ? std::to_string(value->time_since_epoch().count()) : std::string("-");
  };
  std::string line = key.id.text() + " " + (key.tenant ? key.tenant->text() : "-") + " " +
                     key.kind + " '" + key.name + "' '" + key.prefix + "' '" + key.environment +
                     "' [";
  for (auto const& scope : key.scopes) line += scope + ",";
  line += "] " + restriction_text(key.restriction) + " v" + std::to_string(key.pepper_version);
  line += key.digest_form == domain::DigestForm::of_key ? " key" : " sha256";
  for (unsigned char byte : key.digest) line += " " + std::to_string(byte);
  return line + " " + key.created_by + " " + time(key.created_at) + " " + time(key.expires_at) +
         " " + time(key.revoked_at) + " " + time(key.last_used_at) + " " +
         (key.owner ? key.owner->text() : "-");
}

inline std::vector<std::string> names_of(std::vector<domain::ApiKey> const& keys) {
  std::vector<std::string> names;
  for (auto const& key : keys) names.push_back(key.name);
  return names;
}

template <class T>
Code code_of(Result<T> const& result) {
  return result ? Code::internal : result.error().code;
}

}  // namespace keystead::store
