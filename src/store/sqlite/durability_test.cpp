// What a store has acknowledged survives kill -9 at any moment, and a disk that is full.
#include <map>
#include <random>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/audit_chain.hpp"
#include "store/sqlite/sqlite_control_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {
namespace {

constexpr int kRounds = 100;
constexpr Time kEnd = Time(std::chrono::milliseconds(9'000'000));
constexpr Time kNow = Time(std::chrono::milliseconds(1'000'000));

enum class Act : char { added = 'a', revoked = 'v', rotated = 'o' };

// One act that the store acknowledged. A rotated key is named after the key that it replaces.
struct Acknowledged {
  Act act;
  domain::KeyId key;
  domain::KeyId replaced;
};
static_assert(sizeof(Acknowledged) <= 512, "written to a pipe in one piece");

std::unique_ptr<ControlStore> open_sealed(std::filesystem::path const& folder) {
  auto store = open_sqlite(folder);
  store->seal_with(test_seal());
  return store;
}

// The process that will be killed: acts without end, and tells each act only when the store has
// acknowledged it.
[[noreturn]] void act_without_end(
    std::filesystem::path const& folder, domain::TenantId const& tenant, int pipe
) {
  auto store = open_sealed(folder);
  auto tell = [&](Acknowledged const& done) {
    if (::write(pipe, &done, sizeof done) != sizeof done) ::_exit(1);
  };
  for (;;) {
    auto first = make_key(tenant, "first"), second = make_key(tenant, "first");
    for (auto const& key : {first, second}) {
      if (!store->add_key(key, {}, make_entry())) ::_exit(2);
      tell({Act::added, key.id, {}});
    }
    if (!store->revoke_key(first.id, kNow, make_entry())) ::_exit(3);
    tell({Act::revoked, first.id, {}});
    auto fresh = make_key(tenant, second.id.text());
    if (!store->rotate_key(second.id, kEnd, fresh, kNow, make_entry())) ::_exit(4);
    tell({Act::rotated, fresh.id, second.id});
  }
}

enum class From { start, first_act };

// Lets such a process live for `life`, kills it, and gives what it was told.
std::vector<Acknowledged> live_and_die(
    std::filesystem::path const& folder, domain::TenantId const& tenant, From from, useconds_t life
) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  pid_t child = ::fork();
  if (child == 0) act_without_end(folder, tenant, ends[1]);
  ::close(ends[1]);
  std::vector<Acknowledged> told;
  Acknowledged done;
  auto hear = [&] {
    bool is_whole = ::read(ends[0], &done, sizeof done) == sizeof done;
    if (is_whole) told.push_back(done);
    return is_whole;
  };
  if (from == From::first_act) hear();
  ::usleep(life);
  ::kill(child, SIGKILL);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);
  while (hear()) {
  }
  ::close(ends[0]);
  return told;
}

class Durability : public testing::Test {
 protected:
  Durability() { EXPECT_TRUE(open_sealed(folder.path())->add_tenant(tenant, make_entry())); }

  void read_keys() {
    keys.clear();
    auto store = open_sealed(folder.path());
    for (auto& key : store->list_keys({})) keys.emplace(key.id, key);
    EXPECT_EQ(store->broken_seals(), 0u);
    auto check = check_audit(*store, test_seal());
    EXPECT_FALSE(check.fault) << check.fault->what;
    records = check.records;
  }
  void expect_present(Acknowledged const& done) {
    ASSERT_TRUE(keys.contains(done.key)) << "an acknowledged key is lost";
    if (done.act == Act::revoked) {
      EXPECT_EQ(keys[done.key].revoked_at, kNow);
    }
    if (done.act == Act::rotated) {
      EXPECT_EQ(keys[done.replaced].expires_at, kEnd);
    }
  }
  // One record for the tenant, one for each key's making, whether by rotation or not, one for each
  // revocation: no act without its record, and no record without its act.
  void expect_a_record_for_each_act() {
    std::size_t acts = 1 + keys.size();
    for (auto const& [id, key] : keys) acts += key.revoked_at ? 1 : 0;
    EXPECT_EQ(records, acts);
  }
  // A rotation has two halves: the old key ends, and the new key is there.
  void expect_no_half_rotation() {
    std::size_t ended = 0, replacing = 0;
    for (auto const& [id, key] : keys) {
      ended += key.expires_at ? 1 : 0;
      if (key.name == "first") continue;
      ++replacing;
      EXPECT_EQ(keys[*domain::KeyId::parse(key.name)].expires_at, kEnd);
    }
    EXPECT_EQ(ended, replacing);
  }
  void expect_sound() {
    Database database(folder.path() / "keystead.db");
    for (auto check : {"PRAGMA integrity_check", "SELECT count(*) FROM pragma_foreign_key_check"}) {
      Statement statement = database.prepare(check);
      ASSERT_TRUE(statement.next());
      EXPECT_TRUE(statement.text(0) == "ok" || statement.text(0) == "0") << statement.text(0);
    }
  }

  TestFolder folder;
  domain::Tenant tenant = make_tenant("acme");
  std::map<domain::KeyId, domain::ApiKey> keys;
  std::uint64_t records = 0;  // of the audit log
};

TEST_F(Durability, Attack93WhatIsAcknowledgedSurvivesKillNine) {
  std::minstd_rand moment(std::random_device{}());
  std::uniform_int_distribution<useconds_t> life(0, 50'000);
  std::vector<Acknowledged> all;
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    auto told = live_and_die(
        folder.path(), tenant.id, round % 2 == 0 ? From::start : From::first_act, life(moment)
    );
    all.insert(all.end(), told.begin(), told.end());
    read_keys();
    for (auto const& done : all) expect_present(done);
    expect_no_half_rotation();
    expect_a_record_for_each_act();
    expect_sound();
  }
  EXPECT_GE(all.size(), std::size_t{kRounds / 2}) << "too few acts to prove anything";
}

// With the size of files limited the system refuses to write as a full disk does.
[[noreturn]] void fill_the_disk(
    std::filesystem::path const& folder, domain::TenantId const& tenant
) {
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{400'000, 400'000};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(1);
  auto store = open_sealed(folder);
  std::vector<domain::ApiKey> added;
  bool is_broken = false;
  for (int i = 0; i < 10'000 && !is_broken; ++i) {
    auto key = make_key(tenant);
    try {
      if (!store->add_key(key, {}, make_entry())) ::_exit(2);
      added.push_back(key);
    } catch (Broken const&) {
      is_broken = true;
    }
  }
  if (!is_broken) ::_exit(3);
  if (added.empty()) ::_exit(4);
  for (auto const& key : added) {
    if (!store->find_key(key.digest)) ::_exit(5);
  }
  ::_exit(store->list_keys({}).size() == added.size() ? 0 : 6);
}

TEST_F(Durability, AFullDiskIsBrokenAndEverythingAcknowledgedIsStillRead) {
  pid_t child = ::fork();
  if (child == 0) fill_the_disk(folder.path(), tenant.id);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  read_keys();
  expect_a_record_for_each_act();
  expect_sound();
}

}  // namespace
}  // namespace keystead::store
