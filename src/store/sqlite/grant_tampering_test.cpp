// Attack 98 for grants: somebody who can write keystead.db, but does not know the pepper.
#include <algorithm>

#include <gtest/gtest.h>

#include "store/grant_store.hpp"
#include "store/sqlite/sqlite_control_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_grants.hpp"
#include "store/test_keys.hpp"
#include "store/test_users.hpp"

namespace keystead::store {
namespace {

class GrantTampering : public testing::Test {
 protected:
  GrantTampering() {
    store->seal_with(test_seal());
    for (auto const& each : {tenant, other_tenant}) {
      EXPECT_TRUE(store->add_tenant(each, make_entry()));
    }
    for (auto const& each : {key, other_key}) EXPECT_TRUE(store->add_key(each, {}, make_entry()));
    // As an attacker would, without asking what the schema allows.
    attacker.execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
  }

  domain::Grant add(domain::Grant grant) {
    EXPECT_TRUE(store->grants().add_grant(grant, make_entry()));
    return grant;
  }
  void change(std::string const& what, domain::GrantId const& id) {
    Statement update = attacker.prepare("UPDATE oauth_grant SET " + what + " WHERE id = ?");
    update.bind(id).run();
  }
  void expect_refused(domain::GrantId const& id, std::string const& why) {
    auto before = store->broken_seals();
    EXPECT_FALSE(store->grants().find_grant(id)) << why;
    EXPECT_GT(store->broken_seals(), before) << why;
    for (auto const& listed : store->grants().list_grants(key.id)) EXPECT_NE(listed.id, id) << why;
  }

  TestFolder folder;
  std::unique_ptr<ControlStore> store = open_sqlite(folder.path());
  Database attacker{folder.path() / "keystead.db"};
  domain::Tenant tenant = make_tenant("acme"), other_tenant = make_tenant("other");
  domain::ApiKey key = make_key(tenant.id), other_key = make_key(other_tenant.id);
};

TEST_F(GrantTampering, Attack098AnyChangeOfAnyColumnIsRefused) {
  std::vector<std::pair<std::string, std::string>> changes;
  Statement columns = attacker.prepare("SELECT name, type FROM pragma_table_info('oauth_grant')");
  while (columns.next()) {
    std::string name(columns.text(0)), type(columns.text(1));
    // A row under another id is another grant; when it was used decides about nothing.
    if (name == "id" || name == "last_used_at" || name == "last_address") continue;
    if (name == "ended_at") continue;  // an ended one is ended
    if (type == "INTEGER") changes.emplace_back(name, "coalesce(" + name + ", 0) + 1");
    if (type == "TEXT") changes.emplace_back(name, name + " || 'x'");
    if (type == "BLOB") changes.emplace_back(name, name == "mac" ? "NULL" : "randomblob(16)");
  }
  ASSERT_GE(changes.size(), 9u);
  for (auto const& [column, value] : changes) {
    auto grant = add(make_grant_on(key));
    change(column + " = " + value, grant.id);
    expect_refused(grant.id, column);
  }
}

TEST_F(GrantTampering, Attack098AGrantDoesNotMoveToAnotherTenantOrBearer) {
  auto grant = add(make_grant_on(key)), foreign = add(make_grant_on(other_key));
  for (std::string const column : {"tenant", "key_id", "mac", "tenant, key_id, mac"}) {
    auto victim = add(make_grant_on(key));
    Statement update = attacker.prepare(
        "UPDATE oauth_grant SET (" + column + ") = (SELECT " + column +
        " FROM oauth_grant WHERE id = ?) WHERE id = ?"
    );
    update.bind(foreign.id, victim.id).run();
    expect_refused(victim.id, column);
  }
  EXPECT_TRUE(store->grants().find_grant(grant.id)) << "the others are as they were";
}

TEST_F(GrantTampering, Attack098WhatHasEndedIsNotBroughtBackToLife) {
  auto grant = add(make_grant_on(key)), child = make_grant_on(key);
  child.parent = grant.id;
  add(child);
  ASSERT_TRUE(store->grants().end_grant(grant.id, at(2000), make_entry()));
  auto of_key = add(make_grant_on(other_key));
  ASSERT_TRUE(store->revoke_key(other_key.id, at(2000), make_entry()));
  for (auto const& id : {grant.id, child.id, of_key.id}) {
    change("ended_at = NULL", id);
    expect_refused(id, "ended_at");
  }
}

TEST_F(GrantTampering, AChangedRowIsNotHandedOutForTheSameTerms) {
  auto first = store->grants().find_or_add_grant(make_grant_on(key), make_entry());
  ASSERT_TRUE(first);
  change("created_at = 0", first->id);
  auto second = store->grants().find_or_add_grant(make_grant_on(key), make_entry());
  ASSERT_TRUE(second);
  EXPECT_NE(second->id, first->id);
  EXPECT_EQ(store->grants().find_or_add_grant(make_grant_on(key), make_entry())->id, second->id);
}

}  // namespace
}  // namespace keystead::store
