// Somebody who can write keystead.db changes the audit log, but does not know the pepper.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/audit_chain.hpp"
#include "store/sqlite/sqlite_control_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {
namespace {

using testing::HasSubstr;

class AuditTampering : public testing::Test {
 protected:
  AuditTampering() {
    store->seal_with(test_seal());
    EXPECT_TRUE(store->add_tenant(tenant, make_entry("e1")));
    std::vector<domain::AuditEntry> entries;
    for (int i = 2; i <= 9; ++i) {
      auto entry = make_entry("e" + std::to_string(i));
      if (i % 2 == 0) entry.tenant = tenant.id;
      entry.kind = i % 3 == 0 ? domain::AuditKind::denial : domain::AuditKind::act;
      entry.request = "r-" + std::to_string(i);
      entries.push_back(entry);
    }
    store->append_audit(entries);
    EXPECT_EQ(check(), "good 9");
  }

  // What an attacker does first.
  void drop_triggers() {
    attacker.execute(
        "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_cut;"
        "PRAGMA ignore_check_constraints = ON"
    );
  }
  void attack(std::string const& sql) {
    drop_triggers();
    attacker.execute(sql);
  }
  std::string check() {
    auto done = check_audit(*store, test_seal());
    if (!done.fault) return "good " + std::to_string(done.records);
    return std::to_string(done.fault->sequence) + ": " + done.fault->what;
  }
  void expect_no_act_is_done() {
    auto key = make_key(tenant.id);
    EXPECT_THROW(static_cast<void>(store->add_key(key, {}, make_entry())), Broken);
    EXPECT_FALSE(store->find_key(key.digest));
    EXPECT_TRUE(store->list_keys({}).empty());
  }

  TestFolder folder;
  std::unique_ptr<ControlStore> store = open_sqlite(folder.path());
  Database attacker{folder.path() / "keystead.db"};
  domain::Tenant tenant = make_tenant("acme");
};

TEST_F(AuditTampering, OurOwnMistakesAreStopped) {
  EXPECT_THROW(attacker.execute("UPDATE audit SET actor = 'nobody'"), Broken);
  EXPECT_THROW(attacker.execute("DELETE FROM audit WHERE sequence = 9"), Broken);
  EXPECT_EQ(check(), "good 9");
}

TEST_F(AuditTampering, AnyColumnOfARecordThatWasChangedIsNamed) {
  drop_triggers();
  Statement columns = attacker.prepare("SELECT name, type FROM pragma_table_info('audit')");
  std::vector<std::pair<std::string, std::string>> all;
  while (columns.next()) all.emplace_back(columns.text(0), columns.text(1));
  ASSERT_EQ(all.size(), 11u);
  attacker.execute("CREATE TABLE kept AS SELECT * FROM audit");
  for (auto const& [name, type] : all) {
    if (name == "sequence") continue;
    for (auto sequence : {"4", "5", "9"}) {
      std::string value = type == "INTEGER" ? name + " + 1" : type == "BLOB" ? "x'00'" : "'call'";
      attacker.execute(
          "UPDATE audit SET " + name + " = " + value + " WHERE sequence = " + sequence
      );
      EXPECT_THAT(check(), HasSubstr(std::string(sequence) + ": record " + sequence)) << name;
      attacker.execute("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept");
      ASSERT_EQ(check(), "good 9");
    }
  }
}

TEST_F(AuditTampering, ARecordThatWasChangedIsCalledChanged) {
  attack("UPDATE audit SET actor = 'somebody else' WHERE sequence = 5");
  EXPECT_EQ(check(), "5: record 5 was changed");
  attacker.execute("UPDATE audit SET actor = 'operator' WHERE sequence = 5");
  attacker.execute("UPDATE audit SET detail = '{ }' WHERE sequence = 9");
  EXPECT_EQ(check(), "9: record 9 was changed");
}

TEST_F(AuditTampering, ARecordThatWasRemovedIsMissed) {
  attack("DELETE FROM audit WHERE sequence = 5");
  EXPECT_EQ(check(), "5: record 5 is missing");
  attacker.execute("DELETE FROM audit WHERE sequence = 1");
  EXPECT_EQ(check(), "1: record 1 is missing");
}

TEST_F(AuditTampering, ARecordThatWasRemovedAndTheGapClosedIsNamed) {
  attack(
      "DELETE FROM audit WHERE sequence = 5;"
      "UPDATE audit SET sequence = sequence - 1 WHERE sequence > 5"
  );
  EXPECT_THAT(check(), HasSubstr("5: record 5 does not follow"));
}

TEST_F(AuditTampering, RecordsThatWereReorderedAreNamed) {
  attack(
      "UPDATE audit SET sequence = 99 WHERE sequence = 3;"
      "UPDATE audit SET sequence = 3 WHERE sequence = 7;"
      "UPDATE audit SET sequence = 7 WHERE sequence = 99"
  );
  EXPECT_THAT(check(), HasSubstr("3: record 3 does not follow"));
}

TEST_F(AuditTampering, ARecordThatWasPutInIsNamed) {
  attack(
      "UPDATE audit SET sequence = -sequence WHERE sequence > 3;"
      "UPDATE audit SET sequence = 1 - sequence WHERE sequence < 0;"
      "INSERT INTO audit SELECT 4, at, kind, 'forged', actor, tenant, subject, request, detail,"
      " seal_version, hash FROM audit WHERE sequence = 3"
  );
  EXPECT_THAT(check(), HasSubstr("4: record 4 does not follow"));
}

TEST_F(AuditTampering, ARecordAppendedByAnotherHandIsNamed) {
  attack(
      "INSERT INTO audit SELECT 10, at, kind, 'forged', actor, tenant, subject, request, detail,"
      " seal_version, hash FROM audit WHERE sequence = 9"
  );
  EXPECT_THAT(check(), HasSubstr("10: record 10 does not follow"));
  expect_no_act_is_done();
}

TEST_F(AuditTampering, ALogThatWasCutShortIsMissedBecauseOfItsHead) {
  attack("DELETE FROM audit WHERE sequence > 6");
  EXPECT_EQ(check(), "7: record 7 is missing: the log was cut off before record 9");
  // The head cannot be made to fit, not even with the hash of the record that is last now.
  attacker.execute(
      "UPDATE audit_head SET sequence = 6, hash = (SELECT hash FROM audit WHERE sequence = 6)"
  );
  EXPECT_EQ(check(), "7: the head of the log was changed");
  expect_no_act_is_done();
  attacker.execute("DELETE FROM audit_head");
  EXPECT_EQ(check(), "7: the head of the log is missing");
  expect_no_act_is_done();
}

TEST_F(AuditTampering, AnAppendedRecordDoesNotHideThatTheLogWasCut) {
  attack("DELETE FROM audit WHERE sequence > 6");
  store->append_audit(std::vector{make_entry("after")});
  EXPECT_EQ(check(), "7: record 7 is missing");
}

TEST_F(AuditTampering, AHeadThatWasPutBackAloneIsNamed) {
  attacker.execute("CREATE TABLE kept AS SELECT * FROM audit_head");
  store->append_audit(std::vector{make_entry("after")});
  attacker.execute("DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM kept");
  EXPECT_EQ(check(), "9: the head of the log was put back to record 9");
}

TEST_F(AuditTampering, AHeadThatWasPutBackWithTheCutIsSeenByWhoNotedTheHead) {
  attacker.execute("CREATE TABLE kept AS SELECT * FROM audit_head");
  store->append_audit(std::vector{make_entry("after")});
  auto noted = check_audit(*store, test_seal());
  attack(
      "DELETE FROM audit WHERE sequence = 10; DELETE FROM audit_head;"
      "INSERT INTO audit_head SELECT * FROM kept"
  );
  EXPECT_EQ(check(), "good 9") << "from inside it cannot be seen";
  EXPECT_NE(check_audit(*store, test_seal()).head, noted.head);
  EXPECT_LT(check_audit(*store, test_seal()).records, noted.records);
}

TEST_F(AuditTampering, ALogThatIsTakenAwayWholeIsMissed) {
  attack("DELETE FROM audit");
  EXPECT_EQ(check(), "1: record 1 is missing: the log was cut off before record 9");
  attacker.execute("DELETE FROM audit_head");
  EXPECT_EQ(check(), "1: the head of the log is missing");
  expect_no_act_is_done();
}

TEST_F(AuditTampering, AnActThatCannotBeRecordedDoesNotHappen) {
  auto key = make_key(tenant.id);
  ASSERT_TRUE(store->add_key(key, {}, make_entry()));
  attacker.execute("DROP TABLE audit");
  auto fresh = make_key(tenant.id);
  EXPECT_THROW(static_cast<void>(store->add_key(fresh, {}, make_entry())), Broken);
  EXPECT_THROW(static_cast<void>(store->revoke_key(key.id, at(2000), make_entry())), Broken);
  EXPECT_THROW(static_cast<void>(store->rename_key(key.id, "x", make_entry())), Broken);
  EXPECT_THROW(
      static_cast<void>(store->rotate_key(key.id, at(2000), fresh, at(2000), make_entry())), Broken
  );
  EXPECT_THROW(static_cast<void>(store->add_tenant(make_tenant("other"), make_entry())), Broken);
  EXPECT_THROW(static_cast<void>(store->remove_tenant(tenant.id, make_entry())), Broken);
  EXPECT_FALSE(store->find_key(fresh.digest));
  ASSERT_TRUE(store->find_key(key.digest)) << "keys are checked all the same";
  EXPECT_FALSE(store->find_key(key.digest)->revoked_at);
  EXPECT_EQ(store->list_tenants().size(), 1u);
}

TEST_F(AuditTampering, TheCheckTellsHowFarItIs) {
  std::vector<std::uint64_t> told;
  store->append_audit(std::vector(1500, make_entry()));
  check_audit(*store, test_seal(), [&](std::uint64_t records) { told.push_back(records); });
  EXPECT_THAT(told, testing::Contains(1000u));
  EXPECT_EQ(told.back(), 1509u);
}

}  // namespace
}  // namespace keystead::store
