#include "store/backup.hpp"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/audit_chain.hpp"
#include "store/data_folder.hpp"
#include "store/private_file.hpp"
#include "store/sqlite/sqlite_control_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {
namespace {

std::vector<std::string> names_in(std::filesystem::path const& folder) {
  std::vector<std::string> names;
  for (auto const& each : std::filesystem::directory_iterator(folder)) {
    names.push_back(each.path().filename().string());
  }
  return names;
}

class Backup : public testing::Test {
 protected:
  Backup() {
    std::filesystem::create_directories(data / "tenants");
    store = open_sqlite(data);
    store->seal_with(test_seal());
    EXPECT_TRUE(store->add_tenant(tenant, make_entry()));
    tenant_file = std::make_unique<Database>(data / "tenants" / "a.db");
    tenant_file->execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    write_file(data / "pepper", "1:cHBwcHBwcHBwcHBwcHBwcHFxcXFxcXFxcXFxcXFxcXE\n");
  }
  Code code_of_backup(std::filesystem::path const& to) {
    auto done = backup(data, to, PepperCopy::leave_out);
    return done ? Code::internal : done.error().code;
  }

  TestFolder folder;
  std::filesystem::path data = folder.path() / "data", target = folder.path() / "backup";
  std::unique_ptr<ControlStore> store;
  std::unique_ptr<Database> tenant_file;
  domain::Tenant tenant = make_tenant("acme");
};

TEST_F(Backup, TheCopyIsAStoreOfItsOwn) {
  auto key = make_key(tenant.id);
  ASSERT_TRUE(store->add_key(key, {}, make_entry()));
  auto done = backup(data, target, PepperCopy::leave_out);
  ASSERT_TRUE(done) << done.error().public_text;
  EXPECT_EQ(done->databases, 2u);
  EXPECT_THAT(names_in(target), testing::UnorderedElementsAre("keystead.db", "tenants"));
  EXPECT_THAT(names_in(target / "tenants"), testing::ElementsAre("a.db"));
  EXPECT_EQ(mode_of(target), 0700u);
  EXPECT_EQ(mode_of(target / "keystead.db"), 0600u);
  EXPECT_EQ(mode_of(target / "tenants" / "a.db"), 0600u);

  auto copy = open_sqlite(target);
  copy->seal_with(test_seal());
  EXPECT_TRUE(copy->find_key(key.digest));
  EXPECT_FALSE(check_audit(*copy, test_seal()).fault);
  Database tenant_copy(target / "tenants" / "a.db");
  EXPECT_TRUE(tenant_copy.prepare("SELECT x FROM t").next());
}

TEST_F(Backup, ThePepperIsCopiedOnlyWhenAskedFor) {
  ASSERT_TRUE(backup(data, target, PepperCopy::leave_out));
  EXPECT_FALSE(std::filesystem::exists(target / "pepper"));
  auto second = folder.path() / "second";
  ASSERT_TRUE(backup(data, second, PepperCopy::include));
  EXPECT_EQ(read_file(second / "pepper"), read_file(data / "pepper"));
  EXPECT_EQ(mode_of(second / "pepper"), 0600u);
}

TEST_F(Backup, AFolderThatHoldsSomethingIsNotWrittenTo) {
  std::filesystem::create_directory(target);
  write_file(target / "mine", "x");
  EXPECT_EQ(code_of_backup(target), Code::conflict);
  EXPECT_THAT(names_in(target), testing::ElementsAre("mine"));
  EXPECT_EQ(code_of_backup(target / "mine"), Code::conflict);
  std::filesystem::remove(target / "mine");
  EXPECT_TRUE(backup(data, target / "", PepperCopy::leave_out)) << "an empty folder is";
  EXPECT_THAT(names_in(folder.path()), testing::UnorderedElementsAre("data", "backup"));
}

TEST_F(Backup, AFailureLeavesNothingBehind) {
  EXPECT_EQ(code_of_backup(folder.path() / "nowhere" / "backup"), Code::unavailable);
  write_file(data / "tenants" / "b.db", std::string(8192, 'x'));
  EXPECT_THROW(code_of_backup(target), Broken);
  EXPECT_THAT(names_in(folder.path()), testing::ElementsAre("data"));
  auto nothing = backup(folder.path(), target, PepperCopy::leave_out);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Code::not_found);
}

TEST_F(Backup, ACopyTakenWhileKeysAreMadeIsWhole) {
  std::atomic<bool> is_over = false;
  std::jthread writer([&] {
    while (!is_over) {
      auto key = make_key(tenant.id);
      EXPECT_TRUE(store->add_key(key, {}, make_entry()));
      EXPECT_TRUE(store->revoke_key(key.id, at(2000), make_entry()));
    }
  });
  for (int i = 0; i < 5; ++i) {
    auto each = folder.path() / std::to_string(i);
    ASSERT_TRUE(backup(data, each, PepperCopy::leave_out));
    auto copy = open_sqlite(each);
    copy->seal_with(test_seal());
    EXPECT_FALSE(check_audit(*copy, test_seal()).fault);
    EXPECT_LE(copy->audit_head()->sequence, store->audit_head()->sequence + 1);
    EXPECT_EQ(copy->broken_seals(), 0u);
  }
  is_over = true;
}

}  // namespace
}  // namespace keystead::store
