#include "store/restore.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/audit_chain.hpp"
#include "store/backup.hpp"
#include "store/data_folder.hpp"
#include "store/grant_store.hpp"
#include "store/sqlite/sqlite_control_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_grants.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {
namespace {

constexpr char kPepperLine[] = "1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";

class Restore : public testing::Test {
 protected:
  Restore() {
    std::filesystem::create_directories(data / "tenants");
    open();
    EXPECT_TRUE(store->add_tenant(tenant, make_entry()));
    for (auto const& each : {key, rotated}) EXPECT_TRUE(store->add_key(each, {}, make_entry()));
    EXPECT_TRUE(store->add_key(child, {}, make_entry()));
    EXPECT_TRUE(store->grants().add_code(code, grant, make_entry()));
    EXPECT_TRUE(
        store->grants().redeem_code(code.digest, refresh_token, at(2000), make_entry(), {})
    );
    write_tenant_file("before");
    EXPECT_TRUE(backup(data, copy, PepperCopy::leave_out));
    EXPECT_TRUE(store->add_tenant(later, make_entry()));
    write_tenant_file("after");
  }

  void open() {
    store.reset();
    store = open_sqlite(data);
    store->seal_with(test_seal());
  }
  // As somebody who stops the server, restores, and starts it again.
  RestoreDone restore_and_open() {
    store.reset();
    auto done = restore(copy, data);
    EXPECT_TRUE(done) << done.error().public_text;
    open();
    return done.value_or(RestoreDone{});
  }
  Failure failure_of_restore() {
    store.reset();
    auto done = restore(copy, data);
    return done ? Failure{Code::internal, "restored", {}} : done.error();
  }
  void write_tenant_file(std::string const& text) {
    Database file(data / "tenants" / "a.db");
    file.execute("CREATE TABLE IF NOT EXISTS t (x); DELETE FROM t");
    file.prepare("INSERT INTO t VALUES (?)").bind(std::string_view(text)).run();
  }
  std::string read_tenant_file(std::filesystem::path const& folder_of) {
    Database file(folder_of / "tenants" / "a.db");
    Statement statement = file.prepare("SELECT x FROM t");
    statement.next();
    return std::string(statement.text(0));
  }
  void revoke(domain::KeyId const& id) {
    ASSERT_TRUE(store->revoke_key(id, at(2000), make_entry()));
  }
  bool is_alive(domain::ApiKey const& asked) {
    bool alive = false;
    store->each_active_key(at(1'000'000), [&](auto const& active) {
      alive = alive || active.id == asked.id;
    });
    return alive;
  }

  TestFolder folder;
  std::filesystem::path data = folder.path() / "data", copy = folder.path() / "backup";
  std::unique_ptr<ControlStore> store;
  domain::Tenant tenant = make_tenant("acme"), later = make_tenant("later");
  domain::ApiKey key = make_key(tenant.id), rotated = make_key(tenant.id), child = make_child(key);
  domain::Grant grant = make_grant();
  domain::AuthorizationCode code = make_code(grant);
  domain::RefreshToken refresh_token = make_refresh_token(grant);
};

TEST_F(Restore, WhatWasBackedUpIsThereAgain) {
  auto done = restore_and_open();
  EXPECT_EQ(done.databases, 2u);
  EXPECT_EQ(done.ended_keys, 0u);
  EXPECT_TRUE(is_alive(key));
  EXPECT_TRUE(store->find_tenant(tenant.id));
  EXPECT_FALSE(store->find_tenant(later.id));
  EXPECT_EQ(read_tenant_file(data), "before");
  EXPECT_FALSE(check_audit(*store, test_seal()).fault);
  EXPECT_EQ(mode_of(data / "keystead.db"), 0600u);
}

TEST_F(Restore, WhatWasThereIsKept) {
  auto done = restore_and_open();
  ASSERT_TRUE(done.replaced);
  EXPECT_EQ(*done.replaced, data / "replaced-1");
  auto old = open_sqlite(*done.replaced / "replaced");
  old->seal_with(test_seal());
  EXPECT_TRUE(old->find_tenant(later.id));
  EXPECT_EQ(read_tenant_file(*done.replaced / "replaced"), "after");
  old.reset();
  EXPECT_EQ(restore_and_open().replaced, data / "replaced-2");
}

TEST_F(Restore, AnEmptyFolderIsFilled) {
  auto fresh = folder.path() / "fresh";
  auto done = restore(copy, fresh);
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->replaced);
  EXPECT_EQ(mode_of(fresh), 0700u);
  auto opened = open_sqlite(fresh);
  opened->seal_with(test_seal());
  EXPECT_TRUE(opened->find_key(key.digest));
}

TEST_F(Restore, Attack099ARevokedKeyStaysRevoked) {
  revoke(key.id);
  auto done = restore_and_open();
  EXPECT_EQ(done.ended_keys, 1u);
  EXPECT_EQ(store->find_key(key.digest)->revoked_at, at(2000));
  EXPECT_FALSE(is_alive(child)) << "and what was narrowed from it";
  EXPECT_TRUE(is_alive(rotated));
  EXPECT_FALSE(check_audit(*store, test_seal()).fault);
  EXPECT_FALSE(restore_and_open().ended_keys == 0) << "also the second time";
  EXPECT_FALSE(is_alive(key));
}

TEST_F(Restore, Attack099ARotatedKeyStaysEnded) {
  ASSERT_TRUE(store->rotate_key(rotated.id, at(9000), make_key(tenant.id), at(2000), make_entry()));
  restore_and_open();
  EXPECT_FALSE(is_alive(rotated));
  EXPECT_TRUE(is_alive(key));
}

TEST_F(Restore, Attack099TheKeysOfADeletedTenantStayEnded) {
  ASSERT_TRUE(store->remove_tenant(tenant.id, make_entry()));
  restore_and_open();
  EXPECT_TRUE(store->find_tenant(tenant.id)) << "the tenant itself is what was wanted back";
  for (auto const& each : {key, rotated, child}) EXPECT_FALSE(is_alive(each));
}

TEST_F(Restore, Attack099ARevocationThatOnlyTheBackupKnowsCounts) {
  auto second = folder.path() / "second";
  revoke(key.id);
  ASSERT_TRUE(backup(data, second, PepperCopy::leave_out));
  auto fresh = folder.path() / "fresh";
  ASSERT_TRUE(restore(second, fresh));
  ASSERT_TRUE(restore(copy, fresh));
  auto opened = open_sqlite(fresh);
  opened->seal_with(test_seal());
  EXPECT_TRUE(opened->find_key(key.digest)->revoked_at);
}

TEST_F(Restore, Attack099ADatabaseCopiedByHandRevivesNoKey) {
  revoke(key.id);
  store.reset();
  std::filesystem::copy_file(
      copy / "keystead.db", data / "keystead.db", std::filesystem::copy_options::overwrite_existing
  );
  open();
  EXPECT_TRUE(store->find_key(key.digest)->revoked_at);
}

TEST_F(Restore, Attack056AUsedRefreshTokenIsNotGoodAgain) {
  auto next = make_refresh_token(grant);
  auto rotated_token = store->grants().rotate_refresh_token(
      refresh_token.digest, next, std::chrono::seconds(60), at(3000), make_entry(), make_entry()
  );
  ASSERT_TRUE(rotated_token);
  restore_and_open();
  EXPECT_FALSE(store->grants().find_refresh_token(refresh_token.digest, at(3000)));
  EXPECT_TRUE(store->grants().find_grant(grant.id)->ended_at);
}

TEST_F(Restore, AFolderInUseIsNotTouched) {
  auto held = DataFolder::open(data);
  ASSERT_TRUE(held);
  EXPECT_EQ(failure_of_restore().code, Code::conflict);
  open();
  EXPECT_TRUE(store->find_tenant(later.id));
}

TEST_F(Restore, ADamagedBackupChangesNothing) {
  auto file = copy / "keystead.db";
  auto bytes = read_file(file);
  std::fill(bytes.begin() + 4096, bytes.end(), '\xff');
  write_file(file, bytes);
  EXPECT_EQ(failure_of_restore().code, Code::invalid_request);
  open();
  EXPECT_TRUE(store->find_tenant(later.id));
  EXPECT_EQ(read_tenant_file(data), "after");
  EXPECT_FALSE(std::filesystem::exists(data / "restore.partial"));
}

TEST_F(Restore, Attack100ABackupOfANewerVersionIsRefused) {
  Database(copy / "keystead.db").execute("PRAGMA user_version = 4711");
  auto failure = failure_of_restore();
  EXPECT_EQ(failure.code, Code::invalid_request);
  EXPECT_THAT(failure.public_text, testing::HasSubstr("newer Keystead"));
}

TEST_F(Restore, WhatIsNoBackupIsRefused) {
  store.reset();
  EXPECT_EQ(restore(folder.path(), data).error().code, Code::not_found);
  write_file(copy / "keystead.db-wal", "x");
  EXPECT_EQ(failure_of_restore().code, Code::invalid_request);
}

TEST_F(Restore, ThePepperOfTheFolderStaysAndMustKnowThatOfTheBackup) {
  write_file(copy / "pepper", kPepperLine);
  write_file(data / "pepper", "1:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8\n");
  auto failure = failure_of_restore();
  EXPECT_EQ(failure.code, Code::conflict);
  EXPECT_FALSE(failure.public_text.contains("ICEi"));
  std::string grown = std::string(kPepperLine) + "2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8\n";
  write_file(data / "pepper", grown);
  restore_and_open();
  EXPECT_EQ(read_file(data / "pepper"), grown);
  std::filesystem::remove(data / "pepper");
  restore_and_open();
  EXPECT_EQ(read_file(data / "pepper"), kPepperLine);
}

// Every state in which a crash can leave the exchange ends in the same way.
TEST_F(Restore, ARestoreThatWasInterruptedIsCompletedByTheNextStart) {
  revoke(key.id);
  store.reset();
  std::vector<std::string> moved{"revocations", "tenants", "keystead.db"};
  for (std::size_t done = 0; done <= moved.size(); ++done) {
    auto place = folder.path() / ("crash-" + std::to_string(done));
    std::filesystem::copy(data, place, std::filesystem::copy_options::recursive);
    auto ready = place / "restore.ready";
    std::filesystem::copy(copy, ready, std::filesystem::copy_options::recursive);
    std::filesystem::copy(data / "revocations", ready / "revocations");
    std::filesystem::create_directory(ready / "replaced");
    for (std::size_t i = 0; i < moved.size() && i <= done; ++i) {
      if (moved[i] != "revocations") {
        std::filesystem::rename(place / moved[i], ready / "replaced" / moved[i]);
      }
      // The last one is out, and its successor not in yet.
      if (i < done) std::filesystem::rename(ready / moved[i], place / moved[i]);
    }
    auto opened = open_sqlite(place);
    opened->seal_with(test_seal());
    EXPECT_FALSE(opened->find_tenant(later.id)) << done;
    EXPECT_TRUE(opened->find_key(key.id)->revoked_at) << done;
    EXPECT_EQ(read_tenant_file(place), "before") << done;
    EXPECT_FALSE(std::filesystem::exists(ready)) << done;
  }
}

TEST_F(Restore, Attack093ARestoreThatIsKilledIsDoneOrNotBegun) {
  revoke(key.id);
  store.reset();
  for (int round = 0; round < 40; ++round) {
    auto place = folder.path() / ("killed-" + std::to_string(round));
    std::filesystem::copy(data, place, std::filesystem::copy_options::recursive);
    pid_t process = ::fork();
    if (process == 0) ::_exit(restore(copy, place) ? 0 : 1);
    ::usleep(static_cast<useconds_t>(round) * 400);
    ::kill(process, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(process, &status, 0), process);
    auto opened = open_sqlite(place);
    opened->seal_with(test_seal());
    bool is_old = opened->find_tenant(later.id).has_value();
    EXPECT_EQ(read_tenant_file(place), is_old ? "after" : "before");
    EXPECT_TRUE(opened->find_key(key.id)->revoked_at);
    EXPECT_FALSE(check_audit(*opened, test_seal()).fault);
    opened.reset();
    std::filesystem::remove_all(place);
  }
}

}  // namespace
}  // namespace keystead::store
