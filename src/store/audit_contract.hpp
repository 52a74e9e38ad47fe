// What every ControlStore must do with the audit log.
#pragma once

#include <list>
#include <thread>

#include "store/audit_chain.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

inline std::vector<std::string> events_of(ControlStore& store) {
  std::vector<std::string> events;
  for (auto const& record : store.read_audit(0, 1000)) {
    EXPECT_EQ(record.sequence, events.size() + 1) << "no gaps";
    events.push_back(record.entry.event);
  }
  return events;
}

// What the check says, in one word if it is good.
inline std::string check_of(ControlStore& store) {
  auto check = check_audit(store, test_seal());
  return check.fault ? check.fault->what : "good " + std::to_string(check.records);
}

TEST_P(ControlStoreContract, EveryActIsInTheAuditLog) {
  auto tenant = add_tenant();
  auto key = add_key(tenant.id), old = add_key(tenant.id);
  ASSERT_TRUE(store->rename_key(key.id, "x", make_entry("key.rename")));
  ASSERT_TRUE(revoke(key.id, at(2000)));
  ASSERT_TRUE(rotate(old.id, at(9000), make_key(tenant.id), at(2000)));
  ASSERT_TRUE(add(make_user("a@example.com")));
  ASSERT_TRUE(store->remove_tenant(tenant.id, make_entry("tenant.delete")));
  EXPECT_THAT(
      events_of(*store),
      testing::ElementsAre(
          "tenant.create",
          "key.create",
          "key.create",
          "key.rename",
          "key.revoke",
          "key.rotate",
          "user.create",
          "tenant.delete"
      )
  );
  EXPECT_EQ(check_of(*store), "good 8");
}

TEST_P(ControlStoreContract, WhatIsRefusedIsNoActInTheAuditLog) {
  auto tenant = add_tenant();
  auto key = add_key(tenant.id), twin = make_key(tenant.id);
  twin.digest = key.digest;
  auto unknown = make_key(tenant.id).id;
  EXPECT_FALSE(add(tenant));
  EXPECT_FALSE(add(twin));
  EXPECT_FALSE(add(make_key(tenant.id), {.active_max = 1}));
  EXPECT_FALSE(revoke(unknown, at(2000)));
  EXPECT_FALSE(rotate(unknown, at(2000), make_key(tenant.id), at(2000)));
  EXPECT_FALSE(rotate(key.id, at(2000), twin, at(2000)));
  EXPECT_FALSE(store->rename_key(unknown, "x", make_entry()));
  EXPECT_FALSE(store->remove_tenant(make_tenant("nobody").id, make_entry()));
  EXPECT_THAT(events_of(*store), testing::ElementsAre("tenant.create", "key.create"));
}

TEST_P(ControlStoreContract, ARecordComesBackAsItWasWritten) {
  domain::AuditEntry entry;
  entry.at = at(1234);
  entry.kind = domain::AuditKind::call;
  entry.event = "tool.call";
  entry.actor = "key:1 '\";--";
  entry.tenant = add_tenant().id;
  entry.subject = "tasks.create \xc3\xa9\r\n";
  entry.request = "r-1";
  entry.detail = R"({"tool":"tasks_create"})";
  store->append_audit({&entry, 1});
  auto records = store->read_audit(1, 10);
  ASSERT_EQ(records.size(), 1u);
  auto const& read = records[0].entry;
  EXPECT_EQ(records[0].sequence, 2u);
  EXPECT_EQ(read.at, entry.at);
  EXPECT_EQ(read.kind, entry.kind);
  EXPECT_EQ(read.event, entry.event);
  EXPECT_EQ(read.actor, entry.actor);
  EXPECT_EQ(read.tenant, entry.tenant);
  EXPECT_EQ(read.subject, entry.subject);
  EXPECT_EQ(read.request, entry.request);
  EXPECT_EQ(read.detail, entry.detail);
}

TEST_P(ControlStoreContract, RecordsAreReadInPages) {
  std::vector<domain::AuditEntry> entries;
  for (int i = 0; i < 5; ++i) entries.push_back(make_entry("e" + std::to_string(i + 1)));
  store->append_audit(entries);
  store->append_audit({});
  auto page = store->read_audit(2, 2);
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].entry.event, "e3");
  EXPECT_EQ(page[1].sequence, 4u);
  EXPECT_TRUE(store->read_audit(5, 10).empty());
  EXPECT_EQ(store->audit_head()->sequence, 5u);
}

TEST_P(ControlStoreContract, ADenialIsFoundByItsRequest) {
  std::vector entries{make_entry("tool.call"), make_entry("denied.rule"), make_entry("denied.x")};
  entries[0].kind = domain::AuditKind::call;
  entries[1].kind = entries[2].kind = domain::AuditKind::denial;
  entries[0].request = entries[1].request = "r-1";
  entries[2].request = "r-2";
  store->append_audit(entries);
  ASSERT_TRUE(store->find_denial("r-1"));
  EXPECT_EQ(store->find_denial("r-1")->entry.event, "denied.rule");
  EXPECT_EQ(store->find_denial("r-2")->sequence, 3u);
  EXPECT_FALSE(store->find_denial("r-3"));
  EXPECT_FALSE(store->find_denial(""));
}

TEST_P(ControlStoreContract, AnEmptyLogIsGood) {
  EXPECT_EQ(check_of(*store), "good 0");
}

TEST_P(ControlStoreContract, TheLogGoesOnAfterReopening) {
  add_tenant("a");
  auto head = check_audit(*store, test_seal()).head;
  reopen();
  add_tenant("b");
  auto check = check_audit(*store, test_seal());
  EXPECT_EQ(check.records, 2u);
  EXPECT_FALSE(check.fault);
  EXPECT_EQ(store->read_audit(0, 1)[0].hash, head);
}

TEST_P(ControlStoreContract, ManyThreadsAppendAndTheChainIsWhole) {
  auto tenant = add_tenant();
  {
    std::list<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          add_key(tenant.id);
          std::vector entries{make_entry("x"), make_entry("y")};
          store->append_audit(entries);
        }
      });
    }
    for (int i = 0; i < 5; ++i) {
      EXPECT_THAT(check_of(*store), testing::StartsWith("good")) << "also while others append";
    }
  }
  EXPECT_EQ(check_of(*store), "good 301");
}

TEST_P(ControlStoreContract, AStoreUnderAnotherPepperKnowsNoKeyAndDoesNothing) {
  auto tenant = add_tenant();
  auto key = add_key(tenant.id);
  Seal another({Pepper{1, Secret(std::string(32, 'x'))}});
  reopen_with(another);
  EXPECT_FALSE(store->find_key(key.digest));
  EXPECT_EQ(store->broken_seals(), 1u);
  EXPECT_THROW(static_cast<void>(add(make_key(tenant.id))), Broken);
  EXPECT_TRUE(check_audit(*store, another).fault);
}

TEST_P(ControlStoreContract, ANewPepperSealsWhatIsWrittenFromThenOn) {
  auto tenant = add_tenant();
  auto old = add_key(tenant.id), revoked = add_key(tenant.id);
  auto peppers = test_peppers();
  peppers.insert(peppers.begin(), Pepper{2, Secret(std::string(32, 'y'))});
  reopen_with(Seal(peppers));
  auto fresh = add_key(tenant.id);
  ASSERT_TRUE(revoke(revoked.id, at(2000)));
  for (auto const& key : {old, revoked, fresh}) EXPECT_TRUE(store->find_key(key.digest));
  EXPECT_FALSE(check_audit(*store, Seal(peppers)).fault);

  reopen_with(Seal({peppers[0]}));
  EXPECT_FALSE(store->find_key(old.digest)) << "its pepper is gone";
  EXPECT_TRUE(store->find_key(revoked.digest)) << "it was sealed anew when it was revoked";
  EXPECT_TRUE(store->find_key(fresh.digest));
  auto check = check_audit(*store, Seal({peppers[0]}));
  ASSERT_TRUE(check.fault);
  EXPECT_THAT(check.fault->what, testing::HasSubstr("version 1 of the pepper"));
}

}  // namespace keystead::store
