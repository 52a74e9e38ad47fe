#include "store/revocation_journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/audit_chain.hpp"
#include "store/sqlite/sqlite_control_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {
namespace {

using Counts = KeyEnd::Counts;
using testing::HasSubstr;

class RevocationJournal : public testing::Test {
 protected:
  domain::KeyId new_key() { return domain::KeyId::mint(system_random()); }
  void note(KeyEnd const& end) { ASSERT_TRUE(note_ends(file, {&end, 1})); }
  std::string render() {
    auto ends = read_ends(file);
    if (!ends) return ends.error().public_text;
    std::string text;
    for (auto const& end : *ends) {
      text += names.at(end.key) + std::to_string(end.at.time_since_epoch().count());
      text += end.counts == Counts::always ? " " : "? ";
    }
    return text;
  }

  TestFolder folder;
  std::filesystem::path file = journal_of(folder.path());
  domain::KeyId a = new_key(), b = new_key();
  std::map<domain::KeyId, std::string> names{{a, "a"}, {b, "b"}};
};

TEST_F(RevocationJournal, WhatIsNotedIsReadInItsOrder) {
  EXPECT_EQ(render(), "") << "no file yet";
  note({a, at(1000)});
  note({b, at(2250), Counts::after_restore});
  ASSERT_TRUE(note_ends(file, std::array{KeyEnd{a, at(3000)}, KeyEnd{b, at(4000)}}));
  ASSERT_TRUE(note_ends(file, {}));
  EXPECT_EQ(render(), "a1000 b2250? a3000 b4000 ");
  EXPECT_EQ(mode_of(file), 0600u);
}

TEST_F(RevocationJournal, ALineIsReadableByPeople) {
  note({a, at(2250)});
  EXPECT_THAT(
      read_file(file),
      testing::MatchesRegex(
          "revoked " + a.text() + " 1970-01-01T00:00:02\\.250Z [0-9a-f][0-9a-f]*\n"
      )
  );
}

TEST_F(RevocationJournal, TheBeginningOfALastLineIsPassedOverAndWrittenOver) {
  note({a, at(1000)});
  auto whole = read_file(file);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file(file, whole + whole.substr(0, size));
    EXPECT_EQ(render(), "a1000 ");
    note({b, at(2000)});
    EXPECT_EQ(render(), "a1000 b2000 ") << size;
  }
  write_file(file, whole + std::string(4096, '\0'));
  note({b, at(2000)});
  EXPECT_EQ(render(), "a1000 b2000 ") << "what a file system leaves after a loss of power";
}

TEST_F(RevocationJournal, ALineThatIsDamagedIsNamed) {
  note({a, at(1000)});
  note({b, at(2000)});
  auto whole = read_file(file);
  std::size_t second = whole.find('\n') + 1;
  for (std::size_t place : {std::size_t{0}, std::size_t{12}, std::size_t{50}, second - 2}) {
    auto damaged = whole;
    damaged[second + place] = damaged[second + place] == '0' ? '1' : '0';
    write_file(file, damaged);
    EXPECT_THAT(render(), HasSubstr("line 2 of")) << place;
  }
}

TEST_F(RevocationJournal, TwoJournalsAreOneInWhichEverythingCounts) {
  std::vector<KeyEnd> ours{{a, at(3000)}, {b, at(2000), Counts::after_restore}};
  std::vector<KeyEnd> theirs{{a, at(1000), Counts::after_restore}};
  ASSERT_TRUE(write_merged_journal(file, ours, theirs));
  EXPECT_THAT(render(), testing::AnyOf("a1000 b2000 ", "b2000 a1000 "));
}

// A store with its journal.
class JournalOfAStore : public testing::Test {
 protected:
  JournalOfAStore() { reopen(); }

  void reopen() {
    store.reset();
    store = open_sqlite(folder.path());
    store->seal_with(test_seal());
  }
  domain::ApiKey add(domain::ApiKey const& key) {
    EXPECT_TRUE(store->add_key(key, {}, make_entry()));
    return key;
  }
  std::size_t lines() { return read_ends(journal_of(folder.path()))->size(); }
  void raw(std::string const& sql) { Database(folder.path() / "keystead.db").execute(sql); }

  TestFolder folder;
  std::unique_ptr<ControlStore> store;
  domain::Tenant tenant = make_tenant("acme");
};

TEST_F(JournalOfAStore, EveryEndOfAKeyIsNotedOnce) {
  ASSERT_TRUE(store->add_tenant(tenant, make_entry()));
  auto a = add(make_key(tenant.id)), b = add(make_key(tenant.id)), c = add(make_key(tenant.id));
  auto child = add(make_child(a));
  ASSERT_TRUE(store->revoke_key(a.id, at(2000), make_entry()));
  ASSERT_TRUE(store->revoke_key(a.id, at(3000), make_entry()));
  EXPECT_EQ(lines(), 1u) << "its children end with it";
  ASSERT_TRUE(store->rotate_key(b.id, at(2000), make_key(tenant.id), at(2000), make_entry()));
  EXPECT_EQ(lines(), 2u);
  ASSERT_TRUE(store->remove_tenant(tenant.id, make_entry()));
  auto ends = read_ends(journal_of(folder.path())).value();
  EXPECT_GE(ends.size(), 4u) << "c and the successor of b";
  EXPECT_TRUE(std::ranges::any_of(ends, [&](auto const& end) { return end.key == c.id; }));
}

TEST_F(JournalOfAStore, AStoreInOrderIsNotChangedByItsJournal) {
  ASSERT_TRUE(store->add_tenant(tenant, make_entry()));
  auto revoked = add(make_key(tenant.id)), rotated = add(make_key(tenant.id));
  ASSERT_TRUE(store->revoke_key(revoked.id, at(2000), make_entry()));
  ASSERT_TRUE(store->rotate_key(rotated.id, at(9000), make_key(tenant.id), at(2000), make_entry()));
  auto records = store->audit_head()->sequence;
  reopen();
  EXPECT_EQ(store->audit_head()->sequence, records);
  EXPECT_EQ(lines(), 2u);
}

TEST_F(JournalOfAStore, Attack098ARowPutBackWholeIsRevokedAgain) {
  ASSERT_TRUE(store->add_tenant(tenant, make_entry()));
  auto key = add(make_key(tenant.id));
  raw("CREATE TABLE kept AS SELECT * FROM api_key");
  ASSERT_TRUE(store->revoke_key(key.id, at(2000), make_entry()));
  raw("DELETE FROM api_key; INSERT INTO api_key SELECT * FROM kept");
  reopen();
  EXPECT_EQ(store->find_key(key.digest)->revoked_at, at(2000));
  auto last = store->read_audit(store->audit_head()->sequence - 1, 1).at(0).entry;
  EXPECT_EQ(last.event, "key.revoke");
  EXPECT_EQ(last.actor, "revocation journal");
  EXPECT_EQ(last.tenant, tenant.id);
  EXPECT_EQ(last.subject, "key:" + key.id.text());
}

TEST_F(JournalOfAStore, ARevocationThatCannotBeNotedDoesNotHappen) {
  ASSERT_TRUE(store->add_tenant(tenant, make_entry()));
  auto key = add(make_key(tenant.id));
  auto records = store->audit_head()->sequence;
  std::filesystem::create_directory(journal_of(folder.path()));
  EXPECT_THROW(static_cast<void>(store->revoke_key(key.id, at(2000), make_entry())), Broken);
  EXPECT_THROW(static_cast<void>(store->remove_tenant(tenant.id, make_entry())), Broken);
  EXPECT_FALSE(store->find_key(key.id)->revoked_at);
  EXPECT_EQ(store->audit_head()->sequence, records);
}

TEST_F(JournalOfAStore, ADamagedJournalKeepsTheStoreShut) {
  write_file(journal_of(folder.path()), "revoked nonsense\n");
  try {
    reopen();
    FAIL() << "opened with a journal that cannot be read";
  } catch (Broken const& broken) {
    EXPECT_THAT(broken.what(), HasSubstr("line 1 of"));
  }
}

}  // namespace
}  // namespace keystead::store
