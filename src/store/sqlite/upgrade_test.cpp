// A database of an older version: what the new one makes of it.
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/audit_chain.hpp"
#include "store/sqlite/migration.hpp"
#include "store/sqlite/sqlite_control_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {
namespace {

// A store with the schema of version 1: no slugs, no seals, no audit log.
class Upgrade : public testing::Test {
 protected:
  Upgrade() {
    Database database(folder.path() / "keystead.db");
    migrate(database, kControlMigrations.first(1));
    tenant = insert_tenant(database, "Acme", 1000);
    database
        .prepare(
            "INSERT INTO api_key VALUES (?, ?, ?, 3, 'ci', 'nk_live_7hQ2', 'live',"
            " 'mcp:read mcp:write', 1000, 9000, NULL, 4000)"
        )
        .bind(key.id, tenant, key.digest)
        .run();
  }

  domain::TenantId insert_tenant(
      Database& database,
      std::string_view name,
      std::int64_t time,
      std::optional<domain::TenantId> const& parent = {}
  ) {
    auto id = domain::TenantId::mint(system_random());
    database.prepare("INSERT INTO tenant VALUES (?, ?, ?, ?)").bind(id, name, parent, time).run();
    return id;
  }
  std::unique_ptr<ControlStore> open() {
    auto store = open_sqlite(folder.path());
    store->seal_with(test_seal());
    return store;
  }

  TestFolder folder;
  domain::TenantId tenant;
  domain::ApiKey key = make_key({});
};

TEST_F(Upgrade, OldKeysAreSealedAsTheyWere) {
  auto store = open();
  auto found = store->find_key(key.digest);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, key.id);
  EXPECT_EQ(found->tenant, tenant);
  EXPECT_EQ(found->kind, "tenant");
  EXPECT_EQ(found->scopes, key.scopes);
  EXPECT_EQ(found->pepper_version, 3);
  EXPECT_EQ(found->digest_form, domain::DigestForm::of_key);
  EXPECT_EQ(found->expires_at, at(9000));
  EXPECT_EQ(found->last_used_at, at(4000));
  EXPECT_FALSE(found->revoked_at);
  EXPECT_TRUE(found->restriction.empty());
  EXPECT_EQ(store->broken_seals(), 0u);
  EXPECT_TRUE(store->revoke_key(key.id, at(2000), make_entry()));
}

TEST_F(Upgrade, TheSealingIsTheFirstRecordOfTheLog) {
  auto store = open();
  auto records = store->read_audit(0, 10);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].entry.event, "keys.seal");
  EXPECT_EQ(records[0].entry.detail, R"({"keys":1})");
  EXPECT_FALSE(check_audit(*store, test_seal()).fault);
}

TEST_F(Upgrade, Attack098OldKeysAreSealedOnce) {
  open();
  Database(folder.path() / "keystead.db")
      .execute("UPDATE api_key SET scopes = 'mcp:admin', seal_version = 0, mac = NULL");
  EXPECT_FALSE(open()->find_key(key.digest));
}

TEST_F(Upgrade, OldTenantsGetSlugsOfTheirNames) {
  {
    Database database(folder.path() / "keystead.db");
    insert_tenant(database, "ACME", 3000);
    insert_tenant(database, "acme 2", 4000);
    insert_tenant(database, std::string(100, 'a'), 5000);
    insert_tenant(database, std::string(100, 'a'), 6000);
    insert_tenant(database, "acme", 7000, tenant);
  }
  std::vector<std::string> slugs;
  for (auto const& each : open()->list_tenants()) slugs.push_back(each.slug);
  EXPECT_THAT(
      slugs,
      testing::ElementsAre(
          "acme", "acme-2", "acme-2-2", std::string(63, 'a'), std::string(61, 'a') + "-2", "acme"
      )
  );
}

TEST_F(Upgrade, UsersOfATenantBecomeItsMembers) {
  auto ada = domain::UserId::mint(system_random()), grace = domain::UserId::mint(system_random());
  {
    Database database(folder.path() / "keystead.db");
    for (auto const& [id, email, hash] :
         {std::tuple{ada, "ada@example.com", "$phc"}, {grace, "grace@example.com", ""}}) {
      database.prepare("INSERT INTO user VALUES (?, ?, ?, ?, 2000)")
          .bind(id, tenant, std::string_view(email), std::string_view(hash))
          .run();
    }
  }
  auto store = open();
  auto found = store->users().find_user_by_email("ada@example.com");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, ada);
  EXPECT_EQ(found->password->reveal(), "$phc");
  EXPECT_EQ(found->created_at, at(2000));
  EXPECT_FALSE(found->ended_at);
  EXPECT_FALSE(store->users().find_user(grace)->password);
  EXPECT_EQ(store->users().find_role(grace, tenant), domain::Role::member);
}

TEST_F(Upgrade, ARemovedTenantStillTakesItsOldKeysWithIt) {
  auto store = open();
  ASSERT_TRUE(store->remove_tenant(tenant, make_entry()));
  EXPECT_FALSE(store->find_key(key.digest));
}

}  // namespace
}  // namespace keystead::store
