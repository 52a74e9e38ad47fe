// What every ControlStore must do when a user ends, and with the keys that it owns.
#pragma once

#include "store/control_store_fixture.hpp"
#include "store/user_contract.hpp"

namespace keystead::store {

TEST_P(ControlStoreContract, EndingAUserEndsAllThatItHas) {
  auto tenant = add_tenant("a"), second = add_tenant("b");
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  for (auto const& each : {tenant, second}) add_member(user, each);
  add_member(other, tenant);
  ASSERT_TRUE(store->users().link_identity(make_identity("1"), user.id, make_entry()));
  auto key = add_key_of(user, tenant.id, "own"), elsewhere = add_key_of(user, second.id, "second");
  auto platform = add_key_of(user, {}, "platform"), child = add_child(key);
  auto foreign = add_key_of(other, tenant.id, "foreign"), free = add_key(tenant.id, "free");
  auto revoked = add_key_of(user, tenant.id, "revoked");
  ASSERT_TRUE(revoke(revoked.id, at(1500)));
  auto session = add_session(user), other_session = add_session(other);
  auto link = make_link(domain::LinkPurpose::reset, user.id);
  ASSERT_TRUE(store->once().add_link(link, make_entry()));

  auto ended = store->users().end_user(user.id, at(2000), LastOwner::stays, make_entry("user.end"));
  ASSERT_TRUE(ended);
  EXPECT_THAT(
      names_of(ended->keys), testing::UnorderedElementsAre("own", "child", "second", "platform")
  );
  for (auto const& each : {key, child, elsewhere, platform}) {
    EXPECT_EQ(store->find_key(each.digest)->revoked_at, at(2000)) << each.name;
  }
  EXPECT_EQ(store->find_key(revoked.id)->revoked_at, at(1500));
  EXPECT_FALSE(store->find_key(foreign.id)->revoked_at);
  EXPECT_FALSE(store->find_key(free.id)->revoked_at);
  ASSERT_EQ(ended->sessions.size(), 1u);
  EXPECT_EQ(ended->sessions[0].digest, session.digest);
  EXPECT_FALSE(store->sessions().find_session(session.digest, at(2000)));
  EXPECT_TRUE(store->sessions().find_session(other_session.digest, at(2000)));
  EXPECT_FALSE(store->once().find_link(link.digest, link.purpose, at(2000)));
  EXPECT_TRUE(store->users().list_memberships(user.id).empty());
  EXPECT_EQ(store->users().list_members(tenant.id).size(), 1u);
  EXPECT_EQ(store->users().find_user(user.id)->ended_at, at(2000));
  EXPECT_EQ(events_of(*store).back(), "user.end");
  EXPECT_EQ(store->broken_seals(), 0u);
}

TEST_P(ControlStoreContract, AnEndedUserDoesNotComeBack) {
  auto tenant = add_tenant();
  auto user = make_user("ada@example.com");
  user.password = Secret("$phc");
  ASSERT_TRUE(add(user));
  ASSERT_TRUE(store->users().link_identity(make_identity("1"), user.id, make_entry()));
  auto& users = store->users();
  ASSERT_TRUE(users.end_user(user.id, at(2000), LastOwner::stays, make_entry()));

  auto found = users.find_or_create_user(make_identity("1"), make_user(), make_entry());
  EXPECT_EQ(code_of(found), Code::forbidden) << "a token that is still good (attack 39)";
  EXPECT_TRUE(users.find_user(make_identity("1"))->ended_at);
  EXPECT_FALSE(users.find_user(user.id)->password);
  EXPECT_FALSE(users.find_user_by_email(user.email));
  EXPECT_EQ(code_of(users.rename_user(user.id, "x", make_entry())), Code::conflict);
  EXPECT_EQ(code_of(users.set_password(user.id, Secret("$"), {}, make_entry())), Code::conflict);
  EXPECT_EQ(
      code_of(users.link_identity(make_identity("2"), user.id, make_entry())), Code::conflict
  );
  auto membership = users.set_membership({user.id, tenant.id}, LastOwner::stays, make_entry());
  EXPECT_EQ(code_of(membership), Code::conflict);
  auto session = store->sessions().create_session(make_session(user), make_entry());
  EXPECT_EQ(code_of(session), Code::conflict);
  auto link = make_link(domain::LinkPurpose::reset, user.id);
  EXPECT_EQ(code_of(store->once().add_link(link, make_entry())), Code::conflict);

  ASSERT_TRUE(users.end_user(user.id, at(3000), LastOwner::stays, make_entry()));
  EXPECT_EQ(users.find_user(user.id)->ended_at, at(2000)) << "the first time stays";
  EXPECT_TRUE(add(make_user("ada@example.com"))) << "the address is free again";
  auto unknown = users.end_user(make_user().id, at(2000), LastOwner::stays, make_entry());
  EXPECT_EQ(code_of(unknown), Code::not_found);
}

TEST_P(ControlStoreContract, Attack7AKeyIsMadeForSomebodyWhoIsThereOnly) {
  auto organisation = add_tenant("organisation"), other = add_tenant("other");
  auto project = make_tenant("project");
  project.parent = organisation.id;
  ASSERT_TRUE(add(project));
  auto user = add_user("ada@example.com");
  auto code = [&](domain::User const& owner, std::optional<domain::TenantId> const& tenant) {
    auto key = make_key(tenant);
    key.owner = owner.id;
    return code_of(add(key));
  };
  EXPECT_EQ(code(user, organisation.id), Code::conflict) << "no member yet";
  EXPECT_EQ(code(make_user(), organisation.id), Code::not_found);
  add_member(user, organisation);
  auto key = add_key_of(user, organisation.id, "own");
  EXPECT_EQ(render(*store->find_key(key.digest)), render(key));
  add_key_of(user, project.id, "in the child");
  EXPECT_EQ(code(user, other.id), Code::conflict);

  auto fresh = make_key(organisation.id);
  EXPECT_EQ(code_of(rotate(key.id, at(9000), fresh, at(2000))), Code::invalid_request)
      << "it would outlive its owner";
  fresh.owner = user.id;
  EXPECT_TRUE(rotate(key.id, at(9000), fresh, at(2000)));
  ASSERT_TRUE(store->users().end_user(user.id, at(3000), LastOwner::stays, make_entry()));
  EXPECT_EQ(code(user, organisation.id), Code::conflict);
  EXPECT_EQ(code(user, {}), Code::conflict);
  EXPECT_TRUE(active_names(at(3000)).empty());
}

TEST_P(ControlStoreContract, AUserWhoEndsWhileItMakesKeysLeavesNone) {
  auto tenant = add_tenant();
  auto user = add_user("ada@example.com");
  add_member(user, tenant);
  {
    std::list<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) {
          auto key = make_key(tenant.id);
          key.owner = user.id;
          static_cast<void>(add(key));
          static_cast<void>(store->sessions().create_session(make_session(user), make_entry()));
        }
      });
    }
    ASSERT_TRUE(store->users().end_user(user.id, at(2000), LastOwner::stays, make_entry()));
  }
  EXPECT_TRUE(active_names(at(2000)).empty());
  EXPECT_TRUE(store->sessions().list_sessions(user.id, at(2000)).empty());
}

TEST_P(ControlStoreContract, UsersAreThereAfterReopening) {
  auto tenant = add_tenant();
  auto user = add_user("ada@example.com"), gone = add_user("grace@example.com");
  add_member(user, tenant, domain::Role::owner);
  auto key = add_key_of(user, tenant.id, "own");
  auto session = add_session(user), over = add_session(gone);
  ASSERT_TRUE(store->users().link_identity(make_identity("1"), user.id, make_entry()));
  auto link = make_link(domain::LinkPurpose::reset, user.id);
  ASSERT_TRUE(store->once().add_link(link, make_entry()));
  ASSERT_TRUE(store->once().note_event({"issuer", "msg_1"}, at(1000)));
  ASSERT_TRUE(store->users().end_user(gone.id, at(2000), LastOwner::stays, make_entry()));
  reopen();
  EXPECT_EQ(render(*store->users().find_user(make_identity("1"))), render(user));
  EXPECT_EQ(store->users().find_role(user.id, tenant.id), domain::Role::owner);
  EXPECT_EQ(render(*store->find_key(key.digest)), render(key));
  EXPECT_TRUE(store->sessions().find_session(session.digest, at(2000)));
  EXPECT_FALSE(store->sessions().find_session(over.digest, at(2000)));
  EXPECT_TRUE(store->once().redeem_link(link.digest, link.purpose, at(2000), make_entry()));
  EXPECT_FALSE(*store->once().note_event({"issuer", "msg_1"}, at(1000)));
  EXPECT_EQ(store->users().find_user(gone.id)->ended_at, at(2000));
  EXPECT_THAT(check_of(*store), testing::StartsWith("good"));
}

}  // namespace keystead::store
