// What every ControlStore must do. Each kind of store runs this suite with INSTANTIATE_TEST_SUITE_P
// and a StoreKind, whose function opens a store on a folder, also on one that holds a store
// already.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <ostream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/control_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<ControlStore>(std::filesystem::path const&)> open;

  friend std::ostream& operator<<(std::ostream& out, StoreKind const& kind) {
    return out << kind.name;
  }
};

class ControlStoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  ControlStoreContract() { reopen(); }

  void reopen() {
    store.reset();
    store = GetParam().open(folder.path());
  }
  domain::Tenant add_tenant(std::string name = "acme") {
    auto tenant = make_tenant(std::move(name));
    EXPECT_TRUE(store->add_tenant(tenant));
    return tenant;
  }
  domain::ApiKey add_key(domain::TenantId const& tenant, std::string name = "ci") {
    auto key = make_key(tenant, std::move(name));
    EXPECT_TRUE(store->add_key(key));
    return key;
  }
  std::vector<std::string> active_names(Time now) {
    std::vector<std::string> names;
    store->each_active_key(now, [&](domain::ApiKey const& key) { names.push_back(key.name); });
    return names;
  }

  TestFolder folder;
  std::unique_ptr<ControlStore> store;
};

// A key as one line, so that a test compares everything at once.
inline std::string render(domain::ApiKey const& key) {
  auto time = [](std::optional<Time> const& value) {
    return value ? std::to_string(value->time_since_epoch().count()) : std::string("-");
  };
  std::string line = key.id.text() + " " + key.tenant.text() + " '" + key.name + "' '" +
                     key.prefix + "' '" + key.environment + "' [";
  for (auto const& scope : key.scopes) line += scope + ",";
  line += "] v" + std::to_string(key.pepper_version);
  for (unsigned char byte : key.digest) line += " " + std::to_string(byte);
  return line + " " + time(key.created_at) + " " + time(key.expires_at) + " " +
         time(key.revoked_at) + " " + time(key.last_used_at);
}

template <class T>
Code code_of(Result<T> const& result) {
  return result ? Code::internal : result.error().code;
}

TEST_P(ControlStoreContract, TenantsAreFoundAndListedInTheOrderOfTheirMaking) {
  auto second = make_tenant("second");
  second.created_at = at(2000);
  ASSERT_TRUE(store->add_tenant(second));
  auto first = add_tenant("first \xc3\xa9 '\";--");

  auto found = store->find_tenant(first.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, first.name);
  EXPECT_EQ(found->created_at, at(1000));
  EXPECT_FALSE(found->parent);
  auto all = store->list_tenants();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, first.id);
  EXPECT_EQ(all[1].id, second.id);
  EXPECT_FALSE(store->find_tenant(make_tenant("nobody").id));
}

TEST_P(ControlStoreContract, TenantsHaveTwoLevelsAtMost) {
  auto parent = add_tenant("organisation");
  auto child = make_tenant("project");
  child.parent = parent.id;
  ASSERT_TRUE(store->add_tenant(child));
  EXPECT_EQ(store->find_tenant(child.id)->parent, parent.id);

  auto grandchild = make_tenant("too deep");
  grandchild.parent = child.id;
  EXPECT_EQ(code_of(store->add_tenant(grandchild)), Code::invalid_request);
  auto orphan = make_tenant("orphan");
  orphan.parent = make_tenant("nobody").id;
  EXPECT_EQ(code_of(store->add_tenant(orphan)), Code::not_found);
  EXPECT_EQ(store->list_tenants().size(), 2u);
}

TEST_P(ControlStoreContract, RemovingATenantTakesChildrenUsersAndKeysWithIt) {
  auto parent = add_tenant("organisation"), stranger = add_tenant("stranger");
  auto child = make_tenant("project");
  child.parent = parent.id;
  ASSERT_TRUE(store->add_tenant(child));
  auto key = add_key(child.id), kept = add_key(stranger.id);
  domain::User user{
      domain::UserId::mint(system_random()), child.id, "ada@example.com", "", at(1000)
  };
  ASSERT_TRUE(store->add_user(user));

  auto removed = store->remove_tenant(parent.id);
  ASSERT_TRUE(removed);
  EXPECT_THAT(*removed, testing::UnorderedElementsAre(parent.id, child.id));
  EXPECT_FALSE(store->find_tenant(child.id));
  EXPECT_FALSE(store->find_key(key.digest));
  EXPECT_TRUE(store->find_key(kept.digest));
  user.tenant = stranger.id;
  EXPECT_TRUE(store->add_user(user)) << "the address of a removed user is free again";
  EXPECT_EQ(code_of(store->remove_tenant(parent.id)), Code::not_found);
}

TEST_P(ControlStoreContract, AnEmailAddressIsTakenOnce) {
  auto a = add_tenant("a"), b = add_tenant("b");
  domain::User user{domain::UserId::mint(system_random()), a.id, "ada@example.com", "x", at(1)};
  ASSERT_TRUE(store->add_user(user));
  user.id = domain::UserId::mint(system_random());
  user.tenant = b.id;
  EXPECT_EQ(code_of(store->add_user(user)), Code::conflict);
  user.email = "grace@example.com";
  user.tenant = make_tenant("nobody").id;
  EXPECT_EQ(code_of(store->add_user(user)), Code::not_found);
}

TEST_P(ControlStoreContract, AKeyComesBackAsItWasAdded) {
  auto tenant = add_tenant();
  auto key = make_key(tenant.id, "");
  key.environment = "";
  key.expires_at = at(5000);
  key.revoked_at = at(4000);
  key.last_used_at = at(3000);
  key.digest.fill(0);
  ASSERT_TRUE(store->add_key(key));
  ASSERT_TRUE(store->find_key(key.digest));
  EXPECT_EQ(render(*store->find_key(key.digest)), render(key));
  EXPECT_EQ(render(*store->find_key(key.id)), render(key));

  auto bare = make_key(tenant.id);
  bare.scopes.clear();
  ASSERT_TRUE(store->add_key(bare));
  EXPECT_EQ(render(*store->find_key(bare.id)), render(bare));
  EXPECT_FALSE(store->find_key(make_key(tenant.id).digest));
}

TEST_P(ControlStoreContract, AKeyNeedsATenantAndADigestOfItsOwn) {
  auto tenant = add_tenant();
  auto key = add_key(tenant.id);
  auto twin = make_key(tenant.id);
  twin.digest = key.digest;
  EXPECT_EQ(code_of(store->add_key(twin)), Code::conflict);
  auto homeless = make_key(make_tenant("nobody").id);
  EXPECT_EQ(code_of(store->add_key(homeless)), Code::not_found);
  EXPECT_EQ(store->list_keys({}).size(), 1u);
}

TEST_P(ControlStoreContract, AScopeWithASpaceCannotBecomeTwoScopes) {
  auto key = make_key(add_tenant().id);
  for (char const* scope : {"mcp:read admin", " admin", ""}) {
    key.scopes = {scope};
    EXPECT_EQ(code_of(store->add_key(key)), Code::invalid_request) << scope;
  }
}

TEST_P(ControlStoreContract, Attack139NulInTextIsRefused) {
  auto tenant = make_tenant(std::string("ac\0me", 5));
  EXPECT_EQ(code_of(store->add_tenant(tenant)), Code::invalid_request);
  auto key = make_key(add_tenant().id, std::string("a\0b", 3));
  EXPECT_EQ(code_of(store->add_key(key)), Code::invalid_request);
}

TEST_P(ControlStoreContract, KeysAreListedNewestFirst) {
  auto a = add_tenant("a"), b = add_tenant("b");
  std::int64_t time = 1000;
  for (auto const& [tenant, name] : {std::pair{a, "1"}, {b, "2"}, {a, "3"}}) {
    auto key = make_key(tenant.id, name);
    key.created_at = at(time++);
    ASSERT_TRUE(store->add_key(key));
  }
  auto names = [&](std::optional<domain::TenantId> const& tenant) {
    std::string text;
    for (auto const& key : store->list_keys(tenant)) text += key.name;
    return text;
  };
  EXPECT_EQ(names({}), "321");
  EXPECT_EQ(names(a.id), "31");
  EXPECT_EQ(names(make_tenant("nobody").id), "");
}

TEST_P(ControlStoreContract, RevokingTwiceKeepsTheFirstTime) {
  auto key = add_key(add_tenant().id);
  auto revoked = store->revoke_key(key.id, at(2000));
  ASSERT_TRUE(revoked);
  key.revoked_at = at(2000);
  EXPECT_EQ(render(*revoked), render(key));
  EXPECT_EQ(store->revoke_key(key.id, at(3000))->revoked_at, at(2000));
  EXPECT_EQ(store->find_key(key.digest)->revoked_at, at(2000));
  EXPECT_EQ(code_of(store->revoke_key(make_key(key.tenant).id, at(1))), Code::not_found);
}

TEST_P(ControlStoreContract, RotatingEndsTheOldKeyAndAddsTheNew) {
  auto old = add_key(add_tenant().id, "old");
  auto fresh = make_key(old.tenant, "new");
  ASSERT_TRUE(store->rotate_key(old.id, at(9000), fresh, at(2000)));
  EXPECT_EQ(store->find_key(old.id)->expires_at, at(9000));
  EXPECT_EQ(render(*store->find_key(fresh.digest)), render(fresh));
}

TEST_P(ControlStoreContract, RotatingLeavesAnEarlierEnd) {
  auto old = make_key(add_tenant().id);
  old.expires_at = at(3000);
  ASSERT_TRUE(store->add_key(old));
  ASSERT_TRUE(store->rotate_key(old.id, at(9000), make_key(old.tenant), at(2000)));
  EXPECT_EQ(store->find_key(old.id)->expires_at, at(3000));
}

TEST_P(ControlStoreContract, ARefusedRotationChangesNothing) {
  auto tenant = add_tenant(), other = add_tenant("other");
  auto live = add_key(tenant.id), revoked = add_key(tenant.id), expired = make_key(tenant.id);
  expired.expires_at = at(2000);
  ASSERT_TRUE(store->add_key(expired));
  ASSERT_TRUE(store->revoke_key(revoked.id, at(1500)));

  auto rotate = [&](domain::KeyId const& id, domain::ApiKey const& fresh) {
    return code_of(store->rotate_key(id, at(9000), fresh, at(2000)));
  };
  EXPECT_EQ(rotate(revoked.id, make_key(tenant.id)), Code::conflict);
  EXPECT_EQ(rotate(expired.id, make_key(tenant.id)), Code::conflict);
  EXPECT_EQ(rotate(make_key(tenant.id).id, make_key(tenant.id)), Code::not_found);
  EXPECT_EQ(rotate(live.id, make_key(other.id)), Code::invalid_request);
  auto twin = make_key(tenant.id);
  twin.digest = live.digest;
  EXPECT_EQ(rotate(live.id, twin), Code::conflict);
  EXPECT_EQ(render(*store->find_key(live.id)), render(live));
  EXPECT_EQ(store->list_keys({}).size(), 3u);
}

TEST_P(ControlStoreContract, LastUseOnlyMovesForward) {
  auto tenant = add_tenant();
  auto a = add_key(tenant.id), b = add_key(tenant.id);
  std::vector<KeyUse> uses{{a.id, at(5000)}, {b.id, at(6000)}, {a.id, at(4000)}};
  uses.push_back({make_key(tenant.id).id, at(7000)});
  store->note_key_uses(uses);
  store->note_key_uses({});
  EXPECT_EQ(store->find_key(a.id)->last_used_at, at(5000));
  EXPECT_EQ(store->find_key(b.id)->last_used_at, at(6000));
}

TEST_P(ControlStoreContract, ActiveKeysAreThoseNeitherRevokedNorExpired) {
  auto tenant = add_tenant();
  auto revoked = add_key(tenant.id, "revoked");
  ASSERT_TRUE(store->revoke_key(revoked.id, at(1500)));
  auto expiring = make_key(tenant.id, "expiring");
  expiring.expires_at = at(2000);
  expiring.scopes = {"a", "b", "c"};
  ASSERT_TRUE(store->add_key(expiring));
  auto plain = add_key(tenant.id, "plain");

  EXPECT_THAT(active_names(at(1999)), testing::UnorderedElementsAre("expiring", "plain"));
  std::vector<std::string> lines;
  store->each_active_key(at(2000), [&](auto const& key) {
    lines.push_back(render(key));
    EXPECT_TRUE(store->find_key(key.id)) << "the visitor may use the store";
  });
  EXPECT_THAT(lines, testing::ElementsAre(render(plain)));
}

TEST_P(ControlStoreContract, EverythingIsThereAfterReopening) {
  auto tenant = add_tenant();
  auto key = add_key(tenant.id), revoked = add_key(tenant.id);
  ASSERT_TRUE(store->revoke_key(revoked.id, at(2000)));
  reopen();
  EXPECT_EQ(store->find_tenant(tenant.id)->name, tenant.name);
  EXPECT_EQ(render(*store->find_key(key.digest)), render(key));
  EXPECT_EQ(store->find_key(revoked.digest)->revoked_at, at(2000));
}

TEST_P(ControlStoreContract, ManyThreadsAddAndReadAtOnce) {
  auto tenant = add_tenant();
  constexpr int kThreads = 4, kKeysEach = 50;
  {
    std::list<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&] {
        for (int i = 0; i < kKeysEach; ++i) {
          auto key = make_key(tenant.id);
          EXPECT_TRUE(store->add_key(key));
          EXPECT_TRUE(store->find_key(key.digest)) << "what was acknowledged is seen by a read";
        }
      });
    }
  }
  EXPECT_EQ(store->list_keys(tenant.id).size(), std::size_t{kThreads * kKeysEach});
}

TEST_P(ControlStoreContract, OfTwoWhoRotateAKeyAtOnceOneWins) {
  auto old = add_key(add_tenant().id);
  std::atomic<int> won = 0;
  {
    std::list<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        if (store->rotate_key(old.id, at(2000), make_key(old.tenant), at(2000))) ++won;
      });
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(store->list_keys({}).size(), 2u);
}

}  // namespace keystead::store
