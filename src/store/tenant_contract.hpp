// What every ControlStore must do with tenants.
#pragma once

#include "store/control_store_fixture.hpp"

namespace keystead::store {

TEST_P(ControlStoreContract, TenantsAreFoundAndListedInTheOrderOfTheirMaking) {
  auto second = make_tenant("second");
  second.created_at = at(2000);
  ASSERT_TRUE(add(second));
  auto first = add_tenant("first \xc3\xa9 '\";--");

  auto found = store->find_tenant(first.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, first.name);
  EXPECT_EQ(found->slug, first.slug);
  EXPECT_EQ(found->created_at, at(1000));
  EXPECT_FALSE(found->parent);
  auto all = store->list_tenants();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, first.id);
  EXPECT_EQ(all[1].id, second.id);
  EXPECT_EQ(all[1].slug, "second");
  EXPECT_FALSE(store->find_tenant(make_tenant("nobody").id));
}

TEST_P(ControlStoreContract, TenantsHaveTwoLevelsAtMost) {
  auto parent = add_tenant("organisation");
  auto child = make_tenant("project");
  child.parent = parent.id;
  ASSERT_TRUE(add(child));
  EXPECT_EQ(store->find_tenant(child.id)->parent, parent.id);

  auto grandchild = make_tenant("too deep");
  grandchild.parent = child.id;
  EXPECT_EQ(code_of(add(grandchild)), Code::invalid_request);
  auto orphan = make_tenant("orphan");
  orphan.parent = make_tenant("nobody").id;
  EXPECT_EQ(code_of(add(orphan)), Code::not_found);
  EXPECT_EQ(store->list_tenants().size(), 2u);
}

TEST_P(ControlStoreContract, ATenantIsAddedOnce) {
  auto tenant = add_tenant("first");
  tenant.slug = "second";
  EXPECT_EQ(code_of(add(tenant)), Code::conflict);
}

TEST_P(ControlStoreContract, ASlugIsTakenOnceAmongTheChildrenOfOneParent) {
  auto a = add_tenant("a"), b = add_tenant("b");
  auto same = make_tenant("a");
  EXPECT_EQ(code_of(add(same)), Code::conflict);
  same.parent = a.id;
  ASSERT_TRUE(add(same));
  same.id = make_tenant("other").id;
  EXPECT_EQ(code_of(add(same)), Code::conflict);
  same.parent = b.id;
  EXPECT_TRUE(add(same)) << "another parent's children have names of their own";
}

TEST_P(ControlStoreContract, ASlugThatCannotStandInAPathIsRefused) {
  auto tenant = make_tenant("acme");
  for (auto slug : {"", "-a", "a-", "a--b", "A", "a/b", "a.b", "a b", "\xc3\xa9"}) {
    tenant.slug = slug;
    EXPECT_EQ(code_of(add(tenant)), Code::invalid_request) << slug;
  }
  tenant.slug = std::string(64, 'a');
  EXPECT_EQ(code_of(add(tenant)), Code::invalid_request);
  tenant.slug = std::string(63, 'a');
  EXPECT_TRUE(add(tenant));
}

TEST_P(ControlStoreContract, RemovingATenantTakesAllThatLeadsIntoItWithIt) {
  auto parent = add_tenant("organisation"), stranger = add_tenant("stranger");
  auto child = make_tenant("project");
  child.parent = parent.id;
  ASSERT_TRUE(add(child));
  auto key = add_key(child.id), kept = add_key(stranger.id), free = add_key({});
  auto narrowed = add_child(key);
  auto user = add_user("ada@example.com");
  for (auto const& tenant : {parent, child, stranger}) add_member(user, tenant);
  auto organisation = domain::ExternalTenant::make("https://issuer.example", "org_1").value();
  ASSERT_TRUE(store->users().set_external_tenant(organisation, child.id, make_entry()));

  auto removed = store->remove_tenant(parent.id, make_entry());
  ASSERT_TRUE(removed);
  EXPECT_THAT(*removed, testing::UnorderedElementsAre(parent.id, child.id));
  EXPECT_FALSE(store->find_tenant(child.id));
  EXPECT_FALSE(store->find_key(key.digest));
  EXPECT_FALSE(store->find_key(narrowed.digest));
  EXPECT_TRUE(store->find_key(kept.digest));
  EXPECT_TRUE(store->find_key(free.digest));
  EXPECT_TRUE(store->users().find_user(user.id)) << "it may belong to other tenants";
  EXPECT_THAT(
      store->users().list_memberships(user.id),
      testing::ElementsAre(domain::Membership{user.id, stranger.id, domain::Role::member})
  );
  EXPECT_FALSE(store->users().find_tenant(organisation));
  EXPECT_TRUE(add(make_tenant("organisation"))) << "the slug is free again";
  EXPECT_EQ(code_of(store->remove_tenant(parent.id, make_entry())), Code::not_found);
}

TEST_P(ControlStoreContract, Attack139NulInTextIsRefused) {
  auto tenant = make_tenant(std::string("ac\0me", 5));
  EXPECT_EQ(code_of(add(tenant)), Code::invalid_request);
  auto id = add_tenant().id;
  auto key = make_key(id, std::string("a\0b", 3));
  EXPECT_EQ(code_of(add(key)), Code::invalid_request);
  EXPECT_EQ(
      code_of(store->rename_key(add_key(id).id, std::string("a\0b", 3), make_entry())),
      Code::invalid_request
  );
}

}  // namespace keystead::store
