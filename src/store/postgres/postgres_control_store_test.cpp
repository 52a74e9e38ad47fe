#include "store/postgres/postgres_control_store.hpp"

#include "store/audit_chain.hpp"
#include "store/control_store_fixture.hpp"
#include "store/postgres/migration.hpp"
#include "store/postgres/row_schema.hpp"
#include "store/test_postgres.hpp"

namespace keystead::store {
namespace {

using testing::HasSubstr;

class PostgresControlStoreTest : public testing::Test {
 protected:
  std::unique_ptr<ControlStore> open() {
    auto store = open_postgres(database.url()).value();
    store->seal_with(test_seal());
    return store;
  }
  void beneath(std::string const& sql) { database.as_superuser().execute(sql); }
  void end_connections() {
    beneath(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '" +
        database.name() + "'"
    );
  }

  TestDatabase database;
};

TEST_F(PostgresControlStoreTest, ASecondNodeIsRefusedAndNamesTheDatabase) {
  auto store = open();
  auto second = open_postgres(database.url());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_THAT(second.error().public_text, HasSubstr("another Keystead uses the database"));
  store.reset();
  EXPECT_TRUE(open_postgres(database.url()));
}

TEST_F(PostgresControlStoreTest, ItGoesOnWhenTheServerHasEndedItsConnections) {
  auto store = open();
  auto tenant = make_tenant("acme");
  ASSERT_TRUE(store->add_tenant(tenant, make_entry()));
  end_connections();
  EXPECT_TRUE(store->find_tenant(tenant.id));
  EXPECT_TRUE(store->add_tenant(make_tenant("other"), make_entry()));
  EXPECT_FALSE(open_postgres(database.url())) << "the lock was taken again";
  EXPECT_FALSE(check_audit(*store, test_seal()).fault);
}

TEST_F(PostgresControlStoreTest, ANodeWhoseLockAnotherHasTakenWritesNothing) {
  auto store = open();
  end_connections();
  auto other = open();
  EXPECT_THROW((void)store->add_tenant(make_tenant("acme"), make_entry()), Broken);
  EXPECT_TRUE(other->add_tenant(make_tenant("acme"), make_entry()));
}

TEST_F(PostgresControlStoreTest, Attack98AKeyThatWasChangedBeneathIsUnknown) {
  auto store = open();
  auto tenant = make_tenant("acme");
  ASSERT_TRUE(store->add_tenant(tenant, make_entry()));
  auto key = make_key(tenant.id);
  ASSERT_TRUE(store->add_key(key, {}, make_entry()));
  beneath("UPDATE api_key SET scopes = 'admin'");
  EXPECT_FALSE(store->find_key(key.digest));
  EXPECT_EQ(store->list_keys({})[0].revoked_at, Time{});
  EXPECT_EQ(store->broken_seals(), 2u);
}

TEST_F(PostgresControlStoreTest, Attack98AGrantThatWasChangedBeneathIsUnknown) {
  auto store = open();
  auto grant = make_grant(), ended = make_grant();
  auto& grants = store->grants();
  for (auto const& each : {grant, ended}) ASSERT_TRUE(grants.add_grant(each, make_entry()));
  ASSERT_TRUE(grants.end_grant(ended.id, at(2000), make_entry()));
  beneath("UPDATE oauth_grant SET scopes = 'admin'");
  beneath("UPDATE oauth_grant SET ended_at = NULL");
  EXPECT_FALSE(grants.find_grant(grant.id));
  EXPECT_FALSE(grants.find_grant(ended.id));
  EXPECT_EQ(store->broken_seals(), 2u);
}

TEST_F(PostgresControlStoreTest, TheAuditLogIsOnlyAppendedTo) {
  auto store = open();
  ASSERT_TRUE(store->add_tenant(make_tenant("acme"), make_entry()));
  for (auto sql : {"UPDATE audit SET event = 'x'", "DELETE FROM audit", "TRUNCATE audit"}) {
    EXPECT_THROW(database.connect().execute(sql), Broken) << sql;
  }
  EXPECT_EQ(check_audit(*store, test_seal()).records, 1u);
}

TEST_F(PostgresControlStoreTest, AnAuditLogThatWasChangedBeneathIsKnown) {
  auto store = open();
  for (auto name : {"a", "b", "c"}) {
    ASSERT_TRUE(store->add_tenant(make_tenant(name), make_entry()));
  }
  beneath("ALTER TABLE audit DISABLE TRIGGER ALL; DELETE FROM audit WHERE sequence = 2");
  auto check = check_audit(*store, test_seal());
  ASSERT_TRUE(check.fault);
  EXPECT_EQ(check.fault->sequence, 2u);
}

TEST_F(PostgresControlStoreTest, ADenialOfAnIdThatIsNoTextIsNotFound) {
  auto store = open();
  EXPECT_FALSE(store->find_denial(std::string("a\0b", 3)));
  EXPECT_FALSE(store->find_denial("\xff"));
}

TEST_F(PostgresControlStoreTest, Attack100ADatabaseOfANewerVersionIsRefused) {
  open();
  beneath("UPDATE control_version SET version = 4711");
  try {
    (void)open_postgres(database.url());
    FAIL() << "opened a newer database";
  } catch (Broken const& broken) {
    EXPECT_THAT(broken.what(), HasSubstr("newer Keystead"));
    EXPECT_THAT(broken.what(), HasSubstr("4711"));
  }
}

TEST_F(PostgresControlStoreTest, UsersOfATenantBecomeItsMembers) {
  auto tenant = domain::TenantId::mint(system_random());
  auto user = domain::UserId::mint(system_random());
  {
    auto connection = database.connect();
    postgres::make_schema(connection);
    postgres::migrate(connection, kPostgresMigrations.first(1));
    connection.prepare("INSERT INTO tenant VALUES ($1, 'acme', NULL, 1000, 'acme')")
        .bind(tenant)
        .run();
    connection.prepare("INSERT INTO \"user\" VALUES ($1, $2, 'ada@example.com', '$phc', 2000)")
        .bind(user, tenant)
        .run();
  }
  auto store = open();
  auto found = store->users().find_user_by_email("ada@example.com");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, user);
  EXPECT_EQ(found->password->reveal(), "$phc");
  EXPECT_EQ(store->users().find_role(user, tenant), domain::Role::member);
}

TEST_F(PostgresControlStoreTest, ARoleThatPassesTheWallIsRefused) {
  beneath("ALTER ROLE " + database.name() + " BYPASSRLS");
  EXPECT_THROW((void)open_postgres(database.url()), Broken);
}

}  // namespace
}  // namespace keystead::store
