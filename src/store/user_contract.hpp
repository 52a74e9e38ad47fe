// What every ControlStore must do with users and their identities.
#pragma once

#include <mutex>
#include <set>

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

// A user as one line, so that a test compares everything at once.
inline std::string render(domain::User const& user) {
  auto time = [](Time value) { return std::to_string(value.time_since_epoch().count()); };
  return user.id.text() + " <" + user.email + "> " + (user.is_local ? "local" : "external") + " '" +
         user.name + "' " + (user.password ? std::string(user.password->reveal()) : "-") + " " +
         time(user.created_at) + " " + (user.ended_at ? time(*user.ended_at) : "-");
}

TEST_P(ControlStoreContract, AUserComesBackAsItWasCreated) {
  auto user = make_user("ada@example.com", "Ada \xc3\xa9 '\";--");
  user.password = Secret("$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA");
  ASSERT_TRUE(add(user));
  EXPECT_EQ(render(*store->users().find_user(user.id)), render(user));
  EXPECT_EQ(render(*store->users().find_user_by_email("ada@example.com")), render(user));
  auto bare = make_user("", "");
  ASSERT_TRUE(add(bare));
  EXPECT_EQ(render(*store->users().find_user(bare.id)), render(bare));
  EXPECT_FALSE(store->users().find_user(make_user().id));
  for (auto const& email : {"", "Ada@example.com", " ada@example.com", "grace@example.com"}) {
    EXPECT_FALSE(store->users().find_user_by_email(email)) << email;
  }
  EXPECT_FALSE(store->users().find_user_by_email(std::string("a\0@b", 4)));
}

TEST_P(ControlStoreContract, ALocalAddressIsTakenOnce) {
  auto user = add_user("ada@example.com");
  EXPECT_EQ(code_of(add(make_user("ada@example.com"))), Code::conflict);
  auto twin = make_user("grace@example.com");
  twin.id = user.id;
  EXPECT_EQ(code_of(add(twin)), Code::conflict);
  EXPECT_EQ(store->users().list_users({}, 10).size(), 1u);
}

TEST_P(ControlStoreContract, AUserThatCannotBeKeptIsRefused) {
  auto refused = [&](auto change) {
    auto user = make_user("ada@example.com");
    change(user);
    return code_of(add(user)) == Code::invalid_request;
  };
  EXPECT_TRUE(refused([](auto& user) { user.email = "Ada@example.com"; }));
  EXPECT_TRUE(refused([](auto& user) { user.email = "ada"; }));
  EXPECT_TRUE(refused([](auto& user) { user.email = ""; }));
  EXPECT_TRUE(refused([](auto& user) { user.name = std::string("a\0b", 3); }));
  EXPECT_TRUE(refused([](auto& user) { user.name = "\xff"; }));
  EXPECT_TRUE(refused([](auto& user) { user.name = std::string(201, 'a'); }));
  EXPECT_TRUE(refused([](auto& user) { user.password = Secret(std::string(513, 'a')); }));
  EXPECT_TRUE(refused([](auto& user) {
    user.is_local = false;
    user.password = Secret("$argon2id$");
  }));
}

TEST_P(ControlStoreContract, Attack38AnExternalAddressMakesNobodyALocalUser) {
  auto local = add_user("ada@example.com");
  auto external = make_user();
  external.email = "ada@example.com";
  auto found = store->users().find_or_create_user(make_identity("1"), external, make_entry());
  ASSERT_TRUE(found) << "nor is it kept from coming in";
  EXPECT_TRUE(found->is_new);
  EXPECT_EQ(store->users().find_user_by_email("ada@example.com")->id, local.id);
  EXPECT_EQ(store->users().find_user(make_identity("1"))->id, external.id);
  auto set = store->users().set_email(external.id, "ada@example.com", true, make_entry());
  EXPECT_EQ(code_of(set), Code::conflict);
}

TEST_P(ControlStoreContract, AUserIsCreatedWithItsMembershipOrNotAtAll) {
  auto tenant = add_tenant();
  auto user = make_user("ada@example.com");
  domain::Membership membership{user.id, make_tenant("nobody").id, domain::Role::owner};
  auto create = [&] { return store->users().create_user(user, membership, make_entry("x")); };
  EXPECT_EQ(code_of(create()), Code::not_found);
  EXPECT_FALSE(store->users().find_user(user.id));
  membership = {make_user().id, tenant.id, domain::Role::owner};
  EXPECT_EQ(code_of(create()), Code::invalid_request);
  membership.user = user.id;
  ASSERT_TRUE(create());
  EXPECT_EQ(store->users().find_role(user.id, tenant.id), domain::Role::owner);
  EXPECT_THAT(events_of(*store), testing::ElementsAre("tenant.create", "x"));
}

TEST_P(ControlStoreContract, UsersAreListedInPages) {
  std::set<std::string> made, listed;
  for (int i = 0; i < 5; ++i) made.insert(add_user().id.text());
  std::optional<domain::UserId> after;
  for (std::size_t size : {2u, 2u, 1u, 0u}) {
    auto page = store->users().list_users(after, 2);
    ASSERT_EQ(page.size(), size);
    for (auto const& user : page) listed.insert(user.id.text());
    if (!page.empty()) after = page.back().id;
  }
  EXPECT_EQ(listed, made);
}

TEST_P(ControlStoreContract, NameAndAddressOfAUserChange) {
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto& users = store->users();
  ASSERT_TRUE(users.rename_user(user.id, "Countess", make_entry("user.rename")));
  ASSERT_TRUE(users.set_email(user.id, "lovelace@example.com", true, make_entry("user.email")));
  user.name = "Countess";
  user.email = "lovelace@example.com";
  EXPECT_EQ(render(*users.find_user(user.id)), render(user));
  EXPECT_EQ(code_of(users.set_email(user.id, other.email, true, make_entry())), Code::conflict);
  EXPECT_EQ(code_of(users.set_email(user.id, "", true, make_entry())), Code::invalid_request);
  EXPECT_EQ(
      code_of(users.rename_user(user.id, std::string(201, 'a'), make_entry())),
      Code::invalid_request
  );
  EXPECT_EQ(code_of(users.rename_user(make_user().id, "x", make_entry())), Code::not_found);
  EXPECT_EQ(code_of(users.set_email(make_user().id, "", false, make_entry())), Code::not_found);
  EXPECT_EQ(render(*users.find_user(user.id)), render(user));
  EXPECT_THAT(
      events_of(*store),
      testing::ElementsAre("user.create", "user.create", "user.rename", "user.email")
  );
}

TEST_P(ControlStoreContract, Attack73ANewAddressEndsTheLinksSentToTheOld) {
  auto user = add_user("ada@example.com");
  auto link = make_link(domain::LinkPurpose::reset, user.id);
  ASSERT_TRUE(store->once().add_link(link, make_entry()));
  ASSERT_TRUE(store->users().set_email(user.id, user.email, true, make_entry()));
  EXPECT_TRUE(store->once().find_link(link.digest, link.purpose, at(2000)));
  ASSERT_TRUE(store->users().set_email(user.id, "new@example.com", true, make_entry()));
  EXPECT_FALSE(store->once().find_link(link.digest, link.purpose, at(2000)));
}

TEST_P(ControlStoreContract, Attack107ANewPasswordEndsTheOtherSessionsAndLinks) {
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto kept = add_session(user), ended = add_session(user), foreign = add_session(other);
  auto reset = make_link(domain::LinkPurpose::reset, user.id);
  auto verify = make_link(domain::LinkPurpose::verify_email, user.id);
  for (auto const& link : {reset, verify}) ASSERT_TRUE(store->once().add_link(link, make_entry()));
  auto sessions = store->users().set_password(user.id, Secret("$phc"), kept.id, make_entry("p"));
  ASSERT_TRUE(sessions);
  ASSERT_EQ(sessions->size(), 1u);
  EXPECT_EQ(sessions->front().digest, ended.digest);
  EXPECT_EQ(store->users().find_user(user.id)->password->reveal(), "$phc");
  EXPECT_TRUE(store->sessions().find_session(kept.digest, at(2000)));
  EXPECT_TRUE(store->sessions().find_session(foreign.digest, at(2000)));
  EXPECT_FALSE(store->sessions().find_session(ended.digest, at(2000)));
  EXPECT_FALSE(store->once().find_link(reset.digest, reset.purpose, at(2000)));
  EXPECT_TRUE(store->once().find_link(verify.digest, verify.purpose, at(2000)));
  EXPECT_EQ(store->users().set_password(user.id, Secret("$2"), {}, make_entry())->size(), 1u);

  auto external = store->users().set_password(add_user().id, Secret("$"), {}, make_entry());
  EXPECT_EQ(code_of(external), Code::conflict);
  EXPECT_EQ(code_of(store->users().set_email(user.id, "", false, make_entry())), Code::conflict)
      << "a password needs an address";
}

TEST_P(ControlStoreContract, OfManyWhoBringTheSameIdentityOneMakesItsUser) {
  std::mutex mutex;
  std::set<std::string> ids;
  int created = count_of_64([&] {
    auto found = store->users().find_or_create_user(
        make_identity("User_1"), make_user(), make_entry("user.create")
    );
    EXPECT_TRUE(found);
    std::scoped_lock lock(mutex);
    if (found) ids.insert(found->user.id.text());
    return found && found->is_new;
  });
  EXPECT_EQ(created, 1);
  EXPECT_EQ(ids.size(), 1u);
  EXPECT_EQ(store->users().list_users({}, 100).size(), 1u);
  EXPECT_THAT(events_of(*store), testing::ElementsAre("user.create"));
  EXPECT_FALSE(store->users().find_user(make_identity("user_1"))) << "exact strings";
}

TEST_P(ControlStoreContract, AnIdentityIsLinkedToOneUser) {
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto link = [&](char const* subject, domain::User const& to) {
    return store->users().link_identity(make_identity(subject), to.id, make_entry("link"));
  };
  ASSERT_TRUE(link("b", user));
  ASSERT_TRUE(link("a", user));
  EXPECT_TRUE(link("a", user)) << "again";
  EXPECT_EQ(code_of(link("a", other)), Code::conflict);
  EXPECT_EQ(code_of(link("c", make_user())), Code::not_found);
  EXPECT_EQ(store->users().find_user(make_identity("a"))->id, user.id);
  EXPECT_THAT(
      store->users().list_identities(user.id),
      testing::ElementsAre(make_identity("a"), make_identity("b"))
  );
  EXPECT_TRUE(store->users().list_identities(other.id).empty());
  EXPECT_EQ(events_of(*store).size(), 4u) << "two users, two links";

  auto elsewhere = domain::Identity::make("https://issuer.example/", "a").value();
  EXPECT_FALSE(store->users().find_user(elsewhere));
}

TEST_P(ControlStoreContract, OfManyWhoLinkAnIdentityToUsersOfTheirOwnOneSucceeds) {
  int linked = count_of_64([&] {
    auto user = add_user();
    return store->users().link_identity(make_identity("a"), user.id, make_entry()).has_value();
  });
  EXPECT_EQ(linked, 1);
}

}  // namespace keystead::store
