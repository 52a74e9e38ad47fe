// What every ControlStore must do with memberships, and with tenants as other issuers name them.
#pragma once

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

TEST_P(ControlStoreContract, MembershipsAreSetChangedAndListed) {
  auto a = add_tenant("a"), b = add_tenant("b");
  auto user = add_user("ada@example.com"), other = add_user();
  add_member(user, a, domain::Role::read_only);
  add_member(user, b, domain::Role::admin);
  add_member(other, a, domain::Role::owner);
  add_member(user, a, domain::Role::member);
  auto& users = store->users();
  EXPECT_EQ(users.find_role(user.id, a.id), domain::Role::member);
  EXPECT_EQ(users.find_role(other.id, b.id), std::nullopt);
  EXPECT_THAT(
      users.list_memberships(user.id),
      testing::UnorderedElementsAre(
          domain::Membership{user.id, a.id, domain::Role::member},
          domain::Membership{user.id, b.id, domain::Role::admin}
      )
  );
  auto members = users.list_members(a.id);
  ASSERT_EQ(members.size(), 2u);
  auto const& first = members[0].user.id == user.id ? members[0] : members[1];
  EXPECT_EQ(first.user.email, "ada@example.com");
  EXPECT_EQ(first.role, domain::Role::member);

  auto set = [&](domain::UserId const& who, domain::TenantId const& where) {
    return code_of(users.set_membership({who, where}, LastOwner::stays, make_entry()));
  };
  EXPECT_EQ(set(make_user().id, a.id), Code::not_found);
  EXPECT_EQ(set(user.id, make_tenant("nobody").id), Code::not_found);
}

TEST_P(ControlStoreContract, ATenantKeepsItsLastOwner) {
  auto tenant = add_tenant("a"), second = add_tenant("b");
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto& users = store->users();
  add_member(user, tenant, domain::Role::owner);
  add_member(other, tenant, domain::Role::admin);
  add_member(other, second, domain::Role::owner);
  auto lower = [&](LastOwner last_owner) {
    return code_of(users.set_membership({user.id, tenant.id}, last_owner, make_entry()));
  };
  auto remove = [&](LastOwner last_owner) {
    return users.remove_membership(user.id, tenant.id, at(2000), last_owner, make_entry());
  };
  EXPECT_EQ(lower(LastOwner::stays), Code::conflict);
  EXPECT_EQ(code_of(remove(LastOwner::stays)), Code::conflict);
  auto ended = users.end_user(user.id, at(2000), LastOwner::stays, make_entry());
  EXPECT_EQ(code_of(ended), Code::conflict);
  EXPECT_EQ(users.find_role(user.id, tenant.id), domain::Role::owner);
  EXPECT_FALSE(users.find_user(user.id)->ended_at);

  add_member(user, tenant, domain::Role::owner);
  EXPECT_TRUE(remove(LastOwner::may_go)) << "the issuer has decided";
  add_member(user, tenant, domain::Role::owner);
  add_member(other, tenant, domain::Role::owner);
  EXPECT_TRUE(remove(LastOwner::stays)) << "there is another";
  EXPECT_EQ(code_of(remove(LastOwner::stays)), Code::not_found);
  EXPECT_TRUE(users.end_user(other.id, at(2000), LastOwner::may_go, make_entry()));
}

TEST_P(ControlStoreContract, OfTwoOwnersWhoRemoveEachOtherAtOnceOneStays) {
  auto tenant = add_tenant();
  auto first = add_user(), second = add_user();
  for (auto const& user : {first, second}) add_member(user, tenant, domain::Role::owner);
  std::atomic<int> turn = 0;
  int removed = count_of_64([&] {
    auto const& victim = turn++ % 2 == 0 ? first : second;
    return store->users()
        .remove_membership(victim.id, tenant.id, at(2000), LastOwner::stays, make_entry())
        .has_value();
  });
  EXPECT_EQ(removed, 1);
  EXPECT_EQ(store->users().list_members(tenant.id).size(), 1u);
}

TEST_P(ControlStoreContract, RemovingAMembershipEndsTheKeysThatHangOnIt) {
  auto organisation = add_tenant("organisation"), other = add_tenant("other");
  auto open = make_tenant("open"), own = make_tenant("own");
  open.parent = own.parent = organisation.id;
  ASSERT_TRUE(add(open));
  ASSERT_TRUE(add(own));
  auto user = add_user(), colleague = add_user();
  for (auto const& tenant : {organisation, other, own}) add_member(user, tenant);
  add_member(colleague, organisation);
  auto key = add_key_of(user, organisation.id, "key");
  add_child(key, "narrowed");
  add_key_of(user, open.id, "through the parent");
  add_key_of(user, own.id, "own");
  add_key_of(user, other.id, "other");
  add_key_of(user, {}, "platform");
  add_key_of(colleague, organisation.id, "colleague");
  auto session = add_session(user);

  auto ended = store->users().remove_membership(
      user.id, organisation.id, at(2000), LastOwner::stays, make_entry("membership.remove")
  );
  ASSERT_TRUE(ended);
  EXPECT_THAT(
      names_of(*ended), testing::UnorderedElementsAre("key", "narrowed", "through the parent")
  );
  EXPECT_THAT(
      active_names(at(2000)), testing::UnorderedElementsAre("own", "other", "platform", "colleague")
  );
  EXPECT_TRUE(store->sessions().find_session(session.digest, at(2000)));
  EXPECT_EQ(events_of(*store).back(), "membership.remove");
}

TEST_P(ControlStoreContract, Attack38WhichTenantAnExternalOneIsStandsInTheDatabase) {
  auto a = add_tenant("a"), b = add_tenant("b");
  auto& users = store->users();
  auto organisation = domain::ExternalTenant::make("https://issuer.example", "org_1").value();
  auto elsewhere = domain::ExternalTenant::make("https://other.example", "org_1").value();
  EXPECT_FALSE(users.find_tenant(organisation));
  ASSERT_TRUE(users.set_external_tenant(organisation, a.id, make_entry("map")));
  EXPECT_TRUE(users.set_external_tenant(organisation, a.id, make_entry("map"))) << "again";
  EXPECT_EQ(users.find_tenant(organisation), a.id);
  EXPECT_FALSE(users.find_tenant(elsewhere)) << "another issuer's organisation of that name";
  auto moved = users.set_external_tenant(organisation, b.id, make_entry());
  EXPECT_EQ(code_of(moved), Code::conflict);
  auto nowhere = users.set_external_tenant(elsewhere, make_tenant("nobody").id, make_entry());
  EXPECT_EQ(code_of(nowhere), Code::not_found);

  ASSERT_TRUE(users.remove_external_tenant(organisation, make_entry("unmap")));
  EXPECT_FALSE(users.find_tenant(organisation));
  EXPECT_EQ(code_of(users.remove_external_tenant(organisation, make_entry())), Code::not_found);
  EXPECT_THAT(
      events_of(*store), testing::ElementsAre("tenant.create", "tenant.create", "map", "unmap")
  );
}

}  // namespace keystead::store
