#include "store/sqlite/sqlite_control_store.hpp"

#include "store/control_store_contract.hpp"
#include "store/sqlite/migration.hpp"

namespace keystead::store {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Sqlite,
    ControlStoreContract,
    testing::Values(StoreKind{"sqlite", [](auto const& folder) { return open_sqlite(folder); }})
);

TEST(SqliteControlStore, TheFilesOfKeysArePrivate) {
  TestFolder folder;
  auto store = open_sqlite(folder.path());
  ASSERT_TRUE(store->add_tenant(make_tenant("acme")));
  for (auto name : {"keystead.db", "keystead.db-wal", "keystead.db-shm"}) {
    EXPECT_EQ(mode_of(folder.path() / name), 0600u) << name;
  }
}

TEST(SqliteControlStore, Attack100ADatabaseOfANewerVersionIsRefused) {
  TestFolder folder;
  open_sqlite(folder.path());
  Database(folder.path() / "keystead.db").execute("PRAGMA user_version = 4711");
  try {
    open_sqlite(folder.path());
    FAIL() << "opened a newer database";
  } catch (Broken const& broken) {
    EXPECT_THAT(broken.what(), testing::HasSubstr("newer Keystead"));
    EXPECT_THAT(broken.what(), testing::HasSubstr("4711"));
  }
}

TEST(SqliteControlStore, AFileThatIsNoDatabaseIsBroken) {
  TestFolder folder;
  write_file(folder.path() / "keystead.db", std::string(8192, 'x'));
  EXPECT_THROW(open_sqlite(folder.path()), Broken);
  EXPECT_EQ(read_file(folder.path() / "keystead.db"), std::string(8192, 'x'));
}

TEST(SqliteControlStore, ADamagedPageIsBrokenAndNotNotFound) {
  TestFolder folder;
  auto key = make_key({});
  {
    auto store = open_sqlite(folder.path());
    auto tenant = make_tenant("acme");
    ASSERT_TRUE(store->add_tenant(tenant));
    key.tenant = tenant.id;
    ASSERT_TRUE(store->add_key(key));
  }
  auto file = folder.path() / "keystead.db";
  std::string bytes = read_file(file);
  std::fill(bytes.begin() + 4096, bytes.end(), '\xff');
  write_file(file, bytes);
  auto store = open_sqlite(folder.path());
  EXPECT_THROW(store->find_key(key.digest), Broken);
}

TEST(SqliteControlStore, AReadDoesNotWaitForAWriteTransaction) {
  TestFolder folder;
  auto store = open_sqlite(folder.path());
  auto tenant = make_tenant("acme");
  ASSERT_TRUE(store->add_tenant(tenant));
  // A writer that is not done: while it holds the database, a read still answers.
  Database other(folder.path() / "keystead.db");
  Transaction transaction(other);
  other.execute("UPDATE tenant SET name = 'changed'");
  EXPECT_EQ(store->find_tenant(tenant.id)->name, "acme");
  transaction.commit();
  EXPECT_EQ(store->find_tenant(tenant.id)->name, "changed");
}

}  // namespace
}  // namespace keystead::store
