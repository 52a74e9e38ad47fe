// Attack 98: somebody who can write keystead.db, but does not know the pepper.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite/sqlite_control_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {
namespace {

class KeyTampering : public testing::Test {
 protected:
  KeyTampering() {
    store->seal_with(test_seal());
    EXPECT_TRUE(store->add_tenant(tenant, make_entry()));
    EXPECT_TRUE(store->add_tenant(other_tenant, make_entry()));
    restricted.restriction.tools = {"tasks_list"};
    restricted.expires_at = at(9000);
    for (auto const& each : {key, other, restricted}) {
      EXPECT_TRUE(store->add_key(each, {}, make_entry()));
    }
    EXPECT_TRUE(store->add_key(child, {}, make_entry()));
    // As an attacker would, without asking what the schema allows.
    attacker.execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
  }

  void change(std::string const& what, domain::KeyId const& id) {
    Statement update = attacker.prepare("UPDATE api_key SET " + what + " WHERE id = ?");
    update.bind(id).run();
  }
  std::vector<std::string> columns() {
    std::vector<std::string> names;
    Statement statement = attacker.prepare("SELECT name FROM pragma_table_info('api_key')");
    while (statement.next()) names.emplace_back(statement.text(0));
    return names;
  }
  // What another value of the column would be.
  std::string another(std::string const& column) {
    Statement type = attacker.prepare("SELECT type FROM pragma_table_info('api_key') WHERE name=?");
    type.bind(column).next();
    if (type.text(0) == "INTEGER") return "coalesce(" + column + ", 0) + 1";
    if (type.text(0) == "BLOB") return column == "mac" ? "zeroblob(32)" : "randomblob(16)";
    return "coalesce(" + column + ", '') || 'x'";
  }
  void expect_refused(domain::ApiKey const& refused, std::string const& why) {
    auto before = store->broken_seals();
    EXPECT_FALSE(store->find_key(refused.id)) << why;
    EXPECT_FALSE(store->find_key(refused.digest)) << why;
    EXPECT_GT(store->broken_seals(), before) << why;
    store->each_active_key(at(1000), [&](domain::ApiKey const& active) {
      EXPECT_NE(active.id, refused.id) << why;
    });
  }
  bool is_good(domain::ApiKey const& good) { return store->find_key(good.digest).has_value(); }

  TestFolder folder;
  std::unique_ptr<ControlStore> store = open_sqlite(folder.path());
  Database attacker{folder.path() / "keystead.db"};
  domain::Tenant tenant = make_tenant("acme"), other_tenant = make_tenant("other");
  domain::ApiKey key = make_key(tenant.id), other = make_key(tenant.id);
  domain::ApiKey restricted = make_key(tenant.id), child = make_child(key);
};

TEST_F(KeyTampering, Attack098AnyChangeOfAnyColumnIsRefused) {
  std::vector<std::string> harmless{"id", "name", "last_used_at", "digest"};
  for (auto const& column : columns()) {
    if (std::ranges::find(harmless, column) != harmless.end()) continue;
    for (auto const* victim : {&restricted, &child}) {
      change(column + " = " + another(column), victim->id);
      expect_refused(*victim, column);
      attacker.execute("DELETE FROM api_key");
      for (auto const& each : {key, other, restricted, child}) {
        ASSERT_TRUE(store->add_key(each, {}, make_entry()));
      }
    }
  }
}

TEST_F(KeyTampering, Attack098TheDigestOfAnotherKeyIsRefused) {
  auto foreign = make_key(tenant.id);
  attacker.prepare("UPDATE api_key SET digest = ? WHERE id = ?").bind(foreign.digest, key.id).run();
  EXPECT_FALSE(store->find_key(key.id));
  EXPECT_FALSE(store->find_key(key.digest));
  EXPECT_FALSE(store->find_key(foreign.digest));
  EXPECT_EQ(store->broken_seals(), 2u);
}

TEST_F(KeyTampering, Attack098AnotherIdIsRefused) {
  auto foreign = make_key(tenant.id);
  attacker.prepare("UPDATE api_key SET id = ? WHERE id = ?").bind(foreign.id, other.id).run();
  EXPECT_FALSE(store->find_key(foreign.id));
  EXPECT_FALSE(store->find_key(other.digest));
}

TEST_F(KeyTampering, Attack098WhatIsTakenAwayIsRefused) {
  change("restriction = NULL", restricted.id);
  expect_refused(restricted, "restriction");
  change("mac = NULL", key.id);
  expect_refused(key, "mac");
  change("parent = NULL", child.id);
  expect_refused(child, "parent");
  change("mac = NULL, seal_version = 0", other.id);
  expect_refused(other, "as if it had never been sealed");
}

TEST_F(KeyTampering, Attack098AnExpiryPutOffIsRefused) {
  change("expires_at = NULL", restricted.id);
  expect_refused(restricted, "expires_at");
}

TEST_F(KeyTampering, Attack098DigestsOfTwoRowsSwappedAreRefused) {
  attacker.prepare("UPDATE api_key SET digest = zeroblob(32) WHERE id = ?").bind(key.id).run();
  attacker.prepare("UPDATE api_key SET digest = ? WHERE id = ?").bind(key.digest, other.id).run();
  attacker.prepare("UPDATE api_key SET digest = ? WHERE id = ?").bind(other.digest, key.id).run();
  expect_refused(key, "swapped");
  expect_refused(other, "swapped");
}

TEST_F(KeyTampering, Attack098AMacOfAnotherRowIsRefused) {
  attacker.prepare("UPDATE api_key SET mac = (SELECT mac FROM api_key WHERE id = ?) WHERE id = ?")
      .bind(other.id, key.id)
      .run();
  expect_refused(key, "mac");
  EXPECT_TRUE(is_good(other));
}

TEST_F(KeyTampering, Attack098ARowMovedToAnotherTenantIsRefused) {
  attacker.prepare("UPDATE api_key SET tenant = ? WHERE id = ?")
      .bind(other_tenant.id, key.id)
      .run();
  expect_refused(key, "tenant");
  change("tenant = NULL", other.id);
  expect_refused(other, "no tenant");
}

TEST_F(KeyTampering, Attack098AClearedRevocationIsRefused) {
  ASSERT_TRUE(store->revoke_key(key.id, at(2000), make_entry()));
  EXPECT_EQ(store->find_key(key.id)->revoked_at, at(2000));
  change("revoked_at = NULL", key.id);
  expect_refused(key, "revoked_at");
  change("revoked_at = NULL", child.id);
  expect_refused(child, "revoked_at");
}

TEST_F(KeyTampering, Attack098ScopesThatReadAlikeAreTwoSeals) {
  auto joined = make_key(tenant.id);
  joined.prefix = "ab";
  joined.environment = "c";
  ASSERT_TRUE(store->add_key(joined, {}, make_entry()));
  change("prefix = 'a', environment = 'bc'", joined.id);
  expect_refused(joined, "the boundary between two fields");
}

TEST_F(KeyTampering, Attack098ABrokenRowIsListedAsRevokedAtTimeZero) {
  change("scopes = 'mcp:admin'", key.id);
  for (auto const& listed : store->list_keys(tenant.id)) {
    EXPECT_EQ(listed.revoked_at, listed.id == key.id ? std::optional(Time{}) : std::nullopt);
  }
  EXPECT_EQ(store->broken_seals(), 1u);
}

TEST_F(KeyTampering, Attack098NoActMakesABrokenRowGoodAgain) {
  change("scopes = 'mcp:admin'", key.id);
  auto renamed = store->rename_key(key.id, "x", make_entry());
  ASSERT_FALSE(renamed);
  EXPECT_EQ(renamed.error().code, Code::not_found);
  auto fresh = make_key(tenant.id);
  EXPECT_EQ(
      store->rotate_key(key.id, at(9000), fresh, at(2000), make_entry()).error().code,
      Code::not_found
  );
  EXPECT_EQ(store->settle_digest(key.id, fresh.digest, 1).error().code, Code::not_found);
  EXPECT_EQ(store->add_key(make_child(key), {}, make_entry()).error().code, Code::conflict);
  store->note_key_uses(std::vector<KeyUse>{{key.id, at(3000)}});
  expect_refused(key, "still broken");
  // What is remembered of it elsewhere has to end.
  auto revoked = store->revoke_key(key.id, at(2000), make_entry());
  ASSERT_TRUE(revoked);
  EXPECT_EQ(revoked->front().revoked_at, at(2000));
  expect_refused(key, "revoked and broken");
  EXPECT_EQ(store->find_key(child.id)->revoked_at, at(2000)) << "its children end with it";
}

TEST_F(KeyTampering, Attack098AForgedRowIsRefused) {
  attacker.execute(
      "INSERT INTO api_key (id, tenant, kind, digest, digest_form, pepper_version, name, prefix,"
      " environment, scopes, created_by, created_at, seal_version, mac)"
      " SELECT randomblob(16), tenant, kind, randomblob(32), 'key', pepper_version, 'forged',"
      " prefix, environment, scopes, created_by, created_at, seal_version, mac FROM api_key LIMIT 1"
  );
  store->each_active_key(at(1000), [](domain::ApiKey const& active) {
    EXPECT_NE(active.name, "forged");
  });
  EXPECT_EQ(store->broken_seals(), 1u);
}

TEST_F(KeyTampering, Attack098AStartDoesNotSealAForgedRow) {
  change("scopes = 'mcp:admin', mac = NULL, seal_version = 0", key.id);
  store = open_sqlite(folder.path());
  store->seal_with(test_seal());
  expect_refused(key, "unsealed");
  // Even with the head of the log taken away: as long as there are records, nothing is begun anew.
  attacker.execute("DELETE FROM audit_head");
  store = open_sqlite(folder.path());
  store->seal_with(test_seal());
  expect_refused(key, "unsealed");
}

TEST_F(KeyTampering, TheNameAndTheLastUseDecideNothing) {
  change("name = 'changed', last_used_at = 5000", key.id);
  EXPECT_TRUE(is_good(key));
}

TEST_F(KeyTampering, ACircleOfParentsIsRevokedAllTheSame) {
  attacker.prepare("UPDATE api_key SET parent = ? WHERE id = ?").bind(child.id, key.id).run();
  auto revoked = store->revoke_key(key.id, at(2000), make_entry());
  ASSERT_TRUE(revoked);
  EXPECT_EQ(revoked->size(), 2u);
  EXPECT_EQ(revoked->front().id, key.id);
}

}  // namespace
}  // namespace keystead::store
