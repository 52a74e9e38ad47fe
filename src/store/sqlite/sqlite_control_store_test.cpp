#include "store/sqlite/sqlite_control_store.hpp"

#include "store/control_store_fixture.hpp"
#include "store/sqlite/migration.hpp"

namespace keystead::store {
namespace {

std::unique_ptr<ControlStore> open_sealed(std::filesystem::path const& folder) {
  auto store = open_sqlite(folder);
  store->seal_with(test_seal());
  return store;
}

TEST(SqliteControlStore, TheFilesOfKeysArePrivate) {
  TestFolder folder;
  auto store = open_sealed(folder.path());
  ASSERT_TRUE(store->add_tenant(make_tenant("acme"), make_entry()));
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
    auto store = open_sealed(folder.path());
    auto tenant = make_tenant("acme");
    ASSERT_TRUE(store->add_tenant(tenant, make_entry()));
    key.tenant = tenant.id;
    ASSERT_TRUE(store->add_key(key, {}, make_entry()));
  }
  auto file = folder.path() / "keystead.db";
  std::string bytes = read_file(file);
  std::fill(bytes.begin() + 4096, bytes.end(), '\xff');
  write_file(file, bytes);
  EXPECT_THROW(open_sealed(folder.path())->find_key(key.digest), Broken);
}

TEST(SqliteControlStore, AReadDoesNotWaitForAWriteTransaction) {
  TestFolder folder;
  auto store = open_sealed(folder.path());
  auto tenant = make_tenant("acme");
  ASSERT_TRUE(store->add_tenant(tenant, make_entry()));
  // A writer that is not done: while it holds the database, a read still answers.
  Database other(folder.path() / "keystead.db");
  Transaction transaction(other);
  other.execute("UPDATE tenant SET name = 'changed'");
  EXPECT_EQ(store->find_tenant(tenant.id)->name, "acme");
  transaction.commit();
  EXPECT_EQ(store->find_tenant(tenant.id)->name, "changed");
}

TEST(SqliteControlStore, AStoreIsSealedOnceAndBeforeItIsUsed) {
  TestFolder folder;
  auto store = open_sqlite(folder.path());
  EXPECT_THROW(
      static_cast<void>(store->add_tenant(make_tenant("acme"), make_entry())), std::logic_error
  );
  EXPECT_THROW(store->find_key(make_key({}).digest), std::logic_error);
  store->seal_with(test_seal());
  EXPECT_THROW(store->seal_with(test_seal()), std::logic_error);
  EXPECT_TRUE(store->add_tenant(make_tenant("acme"), make_entry()));
}

}  // namespace
}  // namespace keystead::store
