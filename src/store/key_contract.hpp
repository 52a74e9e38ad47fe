// What every ControlStore must do with keys: adding, finding, listing, counting.
#pragma once

#include <atomic>
#include <list>
#include <thread>

#include "store/control_store_fixture.hpp"

namespace keystead::store {

TEST_P(ControlStoreContract, AKeyComesBackAsItWasAdded) {
  auto tenant = add_tenant();
  auto key = make_key(tenant.id, "");
  key.environment = "";
  key.expires_at = at(5000);
  key.revoked_at = at(4000);
  key.last_used_at = at(3000);
  key.digest.fill(0);
  key.digest_form = domain::DigestForm::of_sha256;
  key.created_by = "key:" + key.id.text();
  key.restriction.tools = {"tasks_list"};
  key.restriction.arguments = {{"status", {"\"open\"", "3", "true"}}, {"\xc3\xa9\"\\", {}}};
  key.restriction.addresses = {
      *domain::AddressRange::parse("203.0.113.0/24"), *domain::AddressRange::parse("2001:db8::1")
  };
  ASSERT_TRUE(add(key));
  ASSERT_TRUE(store->find_key(key.digest));
  EXPECT_EQ(render(*store->find_key(key.digest)), render(key));
  EXPECT_EQ(render(*store->find_key(key.id)), render(key));

  auto bare = make_key(tenant.id);
  bare.scopes.clear();
  ASSERT_TRUE(add(bare));
  EXPECT_EQ(render(*store->find_key(bare.id)), render(bare));
  EXPECT_FALSE(store->find_key(make_key(tenant.id).digest));
  EXPECT_EQ(store->broken_seals(), 0u);
}

TEST_P(ControlStoreContract, AKeyMayBelongToNoTenant) {
  auto tenant = add_tenant();
  auto key = make_key({}, "platform");
  key.kind = "platform";
  ASSERT_TRUE(add(key, {.active_max = 0})) << "a quota is a tenant's";
  add_key(tenant.id, "tenant");
  EXPECT_EQ(render(*store->find_key(key.digest)), render(key));
  EXPECT_THAT(names_of(store->list_keys(tenant.id)), testing::ElementsAre("tenant"));
  EXPECT_THAT(names_of(store->list_keys({})), testing::UnorderedElementsAre("tenant", "platform"));
}

TEST_P(ControlStoreContract, AKeyNeedsATenantAndADigestOfItsOwn) {
  auto tenant = add_tenant();
  auto key = add_key(tenant.id);
  auto twin = make_key(tenant.id);
  twin.digest = key.digest;
  EXPECT_EQ(code_of(add(twin)), Code::conflict);
  twin = make_key(tenant.id);
  twin.id = key.id;
  EXPECT_EQ(code_of(add(twin)), Code::conflict);
  auto homeless = make_key(make_tenant("nobody").id);
  EXPECT_EQ(code_of(add(homeless)), Code::not_found);
  EXPECT_EQ(store->list_keys({}).size(), 1u);
}

TEST_P(ControlStoreContract, HasKeysTellsWhetherThereIsAny) {
  auto tenant = add_tenant();
  EXPECT_FALSE(store->has_keys());
  auto key = add_key(tenant.id);
  ASSERT_TRUE(revoke(key.id, at(2000)));
  store.reset();
  store = GetParam().open(folder.path());
  EXPECT_TRUE(store->has_keys()) << "also before the store knows its seal";
}

TEST_P(ControlStoreContract, AScopeWithASpaceCannotBecomeTwoScopes) {
  auto key = make_key(add_tenant().id);
  for (char const* scope : {"mcp:read admin", " admin", ""}) {
    key.scopes = {scope};
    EXPECT_EQ(code_of(add(key)), Code::invalid_request) << scope;
  }
}

TEST_P(ControlStoreContract, KeysAreListedNewestFirst) {
  auto a = add_tenant("a"), b = add_tenant("b");
  std::int64_t time = 1000;
  for (auto const& [tenant, name] : {std::pair{a, "1"}, {b, "2"}, {a, "3"}}) {
    auto key = make_key(tenant.id, name);
    key.created_at = at(time++);
    ASSERT_TRUE(add(key));
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

TEST_P(ControlStoreContract, RenamingChangesTheNameAlone) {
  auto key = add_key(add_tenant().id, "old");
  auto renamed = store->rename_key(key.id, "new", make_entry());
  ASSERT_TRUE(renamed);
  key.name = "new";
  EXPECT_EQ(render(*renamed), render(key));
  EXPECT_EQ(render(*store->find_key(key.digest)), render(key));
  auto unknown = make_key(key.tenant).id;
  EXPECT_EQ(code_of(store->rename_key(unknown, "x", make_entry())), Code::not_found);
}

TEST_P(ControlStoreContract, AnImportedKeySettlesItsDigestOnce) {
  auto key = make_key(add_tenant().id);
  key.digest_form = domain::DigestForm::of_sha256;
  ASSERT_TRUE(add(key));
  auto imported = key.digest, settled = make_key(key.tenant).digest;
  ASSERT_TRUE(store->settle_digest(key.id, settled, 7));
  key.digest = settled;
  key.digest_form = domain::DigestForm::of_key;
  key.pepper_version = 7;
  EXPECT_EQ(render(*store->find_key(settled)), render(key));
  EXPECT_FALSE(store->find_key(imported)) << "the unkeyed hash is gone";

  EXPECT_TRUE(store->settle_digest(key.id, settled, 7)) << "two first uses at once";
  EXPECT_EQ(code_of(store->settle_digest(key.id, imported, 7)), Code::conflict);
  EXPECT_EQ(render(*store->find_key(key.id)), render(key));
}

TEST_P(ControlStoreContract, ADigestIsNotSettledForAKeyThatHasEnded) {
  auto tenant = add_tenant();
  auto key = make_key(tenant.id), other = add_key(tenant.id);
  key.digest_form = domain::DigestForm::of_sha256;
  ASSERT_TRUE(add(key));
  EXPECT_EQ(code_of(store->settle_digest(key.id, other.digest, 1)), Code::conflict) << "taken";
  ASSERT_TRUE(revoke(key.id, at(2000)));
  auto fresh = make_key(tenant.id);
  EXPECT_EQ(code_of(store->settle_digest(key.id, fresh.digest, 1)), Code::conflict);
  EXPECT_EQ(code_of(store->settle_digest(fresh.id, fresh.digest, 1)), Code::not_found);
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
  ASSERT_TRUE(revoke(revoked.id, at(1500)));
  auto expiring = make_key(tenant.id, "expiring");
  expiring.expires_at = at(2000);
  expiring.scopes = {"a", "b", "c"};
  expiring.restriction.tools = {"tasks_list"};
  ASSERT_TRUE(add(expiring));
  auto plain = add_key(tenant.id, "plain");

  EXPECT_THAT(active_names(at(1999)), testing::UnorderedElementsAre("expiring", "plain"));
  std::vector<std::string> lines;
  store->each_active_key(at(2000), [&](auto const& key) {
    lines.push_back(render(key));
    EXPECT_TRUE(store->find_key(key.id)) << "the visitor may use the store";
  });
  EXPECT_THAT(lines, testing::ElementsAre(render(plain)));
}

TEST_P(ControlStoreContract, AQuotaCountsActiveKeysThatAreNotNarrowed) {
  auto tenant = add_tenant("a"), other = add_tenant("b");
  KeyQuota two{.active_max = 2};
  auto first = make_key(tenant.id), expiring = make_key(tenant.id);
  expiring.expires_at = at(2000);
  ASSERT_TRUE(add(first, two));
  ASSERT_TRUE(add(expiring, two));
  auto third = make_key(tenant.id);
  EXPECT_EQ(code_of(add(third, two)), Code::too_many_requests);
  EXPECT_TRUE(add(make_child(first), two)) << "a narrowed key is not counted";
  EXPECT_TRUE(add(make_key(other.id), two));

  third.created_at = at(2000);
  ASSERT_TRUE(add(third, two)) << "one has expired";
  auto fourth = third;
  fourth = make_key(tenant.id);
  fourth.created_at = at(2000);
  EXPECT_EQ(code_of(add(fourth, two)), Code::too_many_requests);
  ASSERT_TRUE(revoke(first.id, at(2000)));
  EXPECT_TRUE(add(fourth, two));
  EXPECT_EQ(code_of(add(make_key(tenant.id), {.active_max = 0})), Code::too_many_requests);
}

TEST_P(ControlStoreContract, OfManyWhoAddKeysAtOnceOnlyAsManySucceedAsTheQuotaAllows) {
  auto tenant = add_tenant();
  std::atomic<int> added = 0, refused = 0;
  {
    std::list<std::jthread> threads;
    for (int thread = 0; thread < 64; ++thread) {
      threads.emplace_back([&] {
        auto result = add(make_key(tenant.id), {.active_max = 10});
        ++(result ? added : refused);
        if (!result) EXPECT_EQ(result.error().code, Code::too_many_requests);
      });
    }
  }
  EXPECT_EQ(added, 10);
  EXPECT_EQ(refused, 54);
  EXPECT_EQ(store->list_keys(tenant.id).size(), 10u);
}

TEST_P(ControlStoreContract, EverythingIsThereAfterReopening) {
  auto tenant = add_tenant();
  auto key = add_key(tenant.id), revoked = add_key(tenant.id);
  ASSERT_TRUE(revoke(revoked.id, at(2000)));
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
          EXPECT_TRUE(add(key));
          EXPECT_TRUE(store->find_key(key.digest)) << "what was acknowledged is seen by a read";
        }
      });
    }
  }
  EXPECT_EQ(store->list_keys(tenant.id).size(), std::size_t{kThreads * kKeysEach});
}

}  // namespace keystead::store
