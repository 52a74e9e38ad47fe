// What every ControlStore must do with grants: they end with what they stand on.
#pragma once

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

inline std::string render(domain::Grant const& grant) {
  auto id = [](auto const& value) { return value ? value->text() : std::string("-"); };
  auto time = [](std::optional<Time> const& value) {
    return value ? std::to_string(value->time_since_epoch().count()) : std::string("-");
  };
  std::string line = grant.id.text() + " " + grant.client.text() + " " + id(grant.user) + " " +
                     id(grant.key) + " " + id(grant.tenant) + " " + id(grant.parent) + " [";
  for (auto const& scope : grant.scopes) line += scope + ",";
  for (auto const& resource : grant.resources) line += resource + ",";
  return line + "] " + time(grant.created_at) + " " + time(grant.last_used_at) + " " +
         grant.last_address + " " + time(grant.ended_at);
}

TEST_P(ControlStoreContract, AGrantComesBackAsItWasAdded) {
  auto tenant = add_tenant();
  auto user = add_user();
  add_member(user, tenant);
  auto key = add_key(tenant.id);
  auto& grants = store->grants();
  for (auto const& grant : {make_grant_of(user.id, tenant.id), make_grant_on(key), make_grant()}) {
    ASSERT_TRUE(grants.add_grant(grant, make_entry("grant.create")));
    EXPECT_EQ(render(*grants.find_grant(grant.id)), render(grant));
    EXPECT_EQ(code_of(grants.add_grant(grant, make_entry())), Code::conflict);
  }
  EXPECT_EQ(events_of(*store).back(), "grant.create");
  EXPECT_FALSE(grants.find_grant(make_grant().id));
}

TEST_P(ControlStoreContract, Attack7AGrantStandsOnWhatIsThereOnly) {
  auto tenant = add_tenant("a"), other = add_tenant("b");
  auto user = add_user(), ended_user = add_user();
  for (auto const& each : {user, ended_user}) add_member(each, tenant);
  auto key = add_key(tenant.id), revoked = add_key(tenant.id);
  ASSERT_TRUE(revoke(revoked.id, at(900)));
  ASSERT_TRUE(store->users().end_user(ended_user.id, at(900), LastOwner::stays, make_entry()));
  auto code = [&](domain::Grant const& grant) {
    return code_of(store->grants().add_grant(grant, make_entry()));
  };
  EXPECT_EQ(code(make_grant_of(make_user().id, tenant.id)), Code::not_found);
  EXPECT_EQ(code(make_grant_of(ended_user.id, tenant.id)), Code::conflict);
  EXPECT_EQ(code(make_grant_of(user.id, other.id)), Code::conflict) << "no member of it";
  EXPECT_EQ(code(make_grant_on(make_key(tenant.id))), Code::not_found);
  EXPECT_EQ(code(make_grant_on(revoked)), Code::conflict);
  auto grant = make_grant_on(key);
  grant.tenant = other.id;
  EXPECT_EQ(code(grant), Code::conflict) << "a key's grant is of its tenant";
  grant = make_grant();
  grant.tenant = make_tenant("nobody").id;
  EXPECT_EQ(code(grant), Code::not_found);
  grant = make_grant();
  grant.parent = make_grant().id;
  EXPECT_EQ(code(grant), Code::not_found);
  grant.parent = add_grant(make_grant_on(key)).id;
  EXPECT_EQ(code(grant), Code::conflict) << "its parent is a key's";
  grant = make_grant();
  grant.scopes = {"a b"};
  EXPECT_EQ(code(grant), Code::invalid_request);
}

TEST_P(ControlStoreContract, AGrantThatIsAskedForAgainIsTheSame) {
  auto key = add_key(add_tenant().id);
  auto& grants = store->grants();
  EXPECT_FALSE(grants.find_alike(make_grant_on(key)));
  auto first = grants.find_or_add_grant(make_grant_on(key), make_entry("grant.create"));
  auto again = grants.find_or_add_grant(make_grant_on(key), make_entry("grant.create"));
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->id, again->id);
  EXPECT_EQ(grants.find_alike(make_grant_on(key)).value().id, first->id);
  auto narrower = make_grant_on(key);
  narrower.scopes = {"mcp:read"};
  EXPECT_NE(grants.find_or_add_grant(narrower, make_entry())->id, first->id);
  ASSERT_TRUE(grants.end_grant(first->id, at(2000), make_entry()));
  EXPECT_FALSE(grants.find_alike(make_grant_on(key)));
  EXPECT_NE(grants.find_or_add_grant(make_grant_on(key), make_entry())->id, first->id);
  auto events = events_of(*store);
  EXPECT_EQ(std::ranges::count(events, "grant.create"), 1);
}

TEST_P(ControlStoreContract, ABearerHasSoManyGrantsForWhichNobodyWasAsked) {
  auto tenant = add_tenant();
  auto key = add_key(tenant.id), other = add_key(tenant.id);
  auto user = add_user();
  add_member(user, tenant);
  auto& grants = store->grants();
  constexpr std::chrono::hours kDay{24};
  auto ask = [&](domain::Grant grant, std::string name, Time now) {
    grant.client = domain::ClientId(std::move(name));
    grant.created_at = now;
    grant.last_used_at = now;
    return grants.find_or_add_grant(grant, make_entry());
  };
  auto last = domain::GrantId();
  for (std::size_t i = 0; i < GrantStore::kStandingMax; ++i) {
    last = ask(make_grant_on(key), "script-" + std::to_string(i), at(1000)).value().id;
  }
  EXPECT_EQ(code_of(ask(make_grant_on(key), "one more", at(2000))), Code::too_many_requests);
  EXPECT_TRUE(ask(make_grant_on(key), "script-7", at(2000))) << "what there is, is had again";
  EXPECT_TRUE(ask(make_grant_on(other), "one more", at(2000))) << "another key has its own";
  EXPECT_TRUE(ask(make_grant_of(user.id, tenant.id), "one more", at(2000)));

  auto kept = ask(make_grant_on(key), "script-0", at(1000) + kDay + std::chrono::hours(1));
  Time late = at(1000) + 3 * kDay;
  EXPECT_EQ(ask(make_grant_on(key), "script-0", late)->id, kept->id);
  EXPECT_TRUE(ask(make_grant_on(key), "one more", late)) << "those that nobody uses make room";
  EXPECT_TRUE(is_living(*kept));
  EXPECT_FALSE(grants.find_grant(last));
}

TEST_P(ControlStoreContract, WhatAPersonHasApprovedMakesNoRoom) {
  auto tenant = add_tenant();
  auto user = add_user();
  add_member(user, tenant);
  auto& grants = store->grants();
  auto consented = make_grant_of(user.id, tenant.id);
  auto code = make_code(consented);
  ASSERT_TRUE(grants.add_code(code, consented, make_entry()));
  auto first = make_refresh_token(consented);
  ASSERT_TRUE(grants.redeem_code(code.digest, first, at(2000), make_entry(), make_entry()));
  Time late = at(1000) + 2 * GrantStore::kStandingIdle;
  for (std::size_t i = 0; i <= GrantStore::kStandingMax; ++i) {
    auto grant = make_grant_of(user.id, tenant.id);
    grant.client = domain::ClientId("script-" + std::to_string(i));
    grant.created_at = late;
    bool has_room = i < GrantStore::kStandingMax;
    EXPECT_EQ(grants.find_or_add_grant(grant, make_entry()).has_value(), has_room);
  }
  EXPECT_TRUE(is_living(consented));
}

TEST_P(ControlStoreContract, WhatWasExchangedEndsWithWhatItCameFrom) {
  auto key = add_key(add_tenant().id);
  auto parent = add_grant(make_grant_on(key)), child = make_grant_on(key), grandchild = child;
  child.parent = parent.id;
  add_grant(child);
  grandchild.id = make_grant().id;
  grandchild.parent = child.id;
  add_grant(grandchild);
  auto other = add_grant(make_grant_on(key));
  auto& grants = store->grants();
  auto ended = grants.end_grant(parent.id, at(2000), make_entry("grant.end"));
  ASSERT_TRUE(ended);
  EXPECT_THAT(*ended, testing::UnorderedElementsAre(parent.id, child.id, grandchild.id));
  EXPECT_TRUE(is_living(other));
  EXPECT_TRUE(grants.end_grant(child.id, at(3000), make_entry())->empty());
  EXPECT_EQ(grants.find_grant(child.id)->ended_at, at(2000)) << "the first time stays";
  EXPECT_EQ(code_of(grants.end_grant(make_grant().id, at(2000), make_entry())), Code::not_found);
  auto late = make_grant_on(key);
  late.parent = child.id;
  EXPECT_EQ(code_of(grants.add_grant(late, make_entry())), Code::conflict);
}

TEST_P(ControlStoreContract, AKeysGrantsEndWithIt) {
  auto tenant = add_tenant();
  auto key = add_key(tenant.id), child = add_child(key), other = add_key(tenant.id);
  auto on_key = add_grant(make_grant_on(key)), on_child = add_grant(make_grant_on(child));
  auto on_other = add_grant(make_grant_on(other));
  ASSERT_TRUE(revoke(key.id, at(2000)));
  EXPECT_EQ(store->grants().find_grant(on_key.id)->ended_at, at(2000));
  EXPECT_FALSE(is_living(on_child));
  EXPECT_TRUE(is_living(on_other));
  EXPECT_TRUE(store->grants().has_grants(key.id)) << "also when they have ended";
  EXPECT_FALSE(store->grants().has_grants(add_key(tenant.id).id));
}

TEST_P(ControlStoreContract, AUsersGrantsEndWithTheUserAndWithItsMemberships) {
  auto first = add_tenant("a"), second = add_tenant("b");
  auto user = add_user(), other = add_user();
  for (auto const& each : {user, other}) add_member(each, first);
  add_member(user, second);
  auto here = add_grant(make_grant_of(user.id, first.id));
  auto there = add_grant(make_grant_of(user.id, second.id));
  auto foreign = add_grant(make_grant_of(other.id, first.id));
  auto& users = store->users();
  ASSERT_TRUE(users.remove_membership(user.id, first.id, at(2000), LastOwner::stays, make_entry()));
  EXPECT_FALSE(is_living(here));
  EXPECT_TRUE(is_living(there));
  ASSERT_TRUE(users.end_user(user.id, at(3000), LastOwner::stays, make_entry()));
  EXPECT_EQ(store->grants().find_grant(there.id)->ended_at, at(3000));
  EXPECT_TRUE(is_living(foreign));
  ASSERT_TRUE(store->remove_tenant(first.id, make_entry()));
  EXPECT_FALSE(store->grants().find_grant(foreign.id));
}

TEST_P(ControlStoreContract, GrantsAreListedOnceATokenWasMadeOfThem) {
  auto tenant = add_tenant();
  auto user = add_user();
  add_member(user, tenant);
  auto unused = add_grant(make_grant_of(user.id, tenant.id));
  auto early = make_grant_of(user.id, tenant.id), late = early, elsewhere = early;
  late.id = make_grant().id;
  late.scopes = {"mcp:admin"};
  elsewhere.id = make_grant().id;
  elsewhere.client = domain::ClientId("kc_2");
  for (auto const& grant : {early, late, elsewhere}) add_grant(grant);
  auto& grants = store->grants();
  std::vector<GrantUse> uses{
      {early.id, at(3000), "198.51.100.1"},
      {early.id, at(2000), "198.51.100.2"},
      {late.id, at(4000), ""},
      {elsewhere.id, at(1500), ""},
  };
  grants.note_grant_uses(uses);
  auto listed = grants.list_grants(user.id);
  ASSERT_EQ(listed.size(), 3u);
  EXPECT_EQ(listed[0].id, late.id);
  EXPECT_EQ(listed[1].last_used_at, at(3000));
  EXPECT_EQ(listed[1].last_address, "198.51.100.1");
  EXPECT_THAT(
      grants.granted_scopes(user.id, tenant.id, early.client),
      testing::ElementsAre("mcp:admin", "mcp:read", "mcp:write")
  );
  EXPECT_TRUE(grants.granted_scopes(user.id, {}, early.client).empty());

  auto second = add_tenant("b");
  add_member(user, second);
  auto there = add_grant(make_grant_of(user.id, second.id));
  auto ended =
      grants.end_grants(user.id, tenant.id, early.client, at(5000), make_entry("grant.disconnect"));
  EXPECT_THAT(ended, testing::UnorderedElementsAre(unused.id, early.id, late.id));
  EXPECT_TRUE(is_living(elsewhere));
  EXPECT_TRUE(is_living(there));
  EXPECT_EQ(events_of(*store).back(), "grant.disconnect");
}

TEST_P(ControlStoreContract, GrantsThatNobodyUsesAreReaped) {
  auto key = add_key(add_tenant().id);
  auto used = add_grant(make_grant_on(key)), unused = add_grant(make_grant_on(key));
  auto ended = add_grant(make_grant_on(key));
  auto& grants = store->grants();
  std::vector<GrantUse> uses{{used.id, at(5000), ""}, {ended.id, at(6000), ""}};
  grants.note_grant_uses(uses);
  ASSERT_TRUE(grants.end_grant(ended.id, at(3000), make_entry()));
  EXPECT_EQ(grants.reap_grants(at(0), at(1000)), 0u);
  EXPECT_EQ(grants.reap_grants(at(0), at(5000)), 2u);
  EXPECT_TRUE(is_living(used));
  EXPECT_FALSE(grants.find_grant(unused.id));
}

}  // namespace keystead::store
