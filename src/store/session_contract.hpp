// What every ControlStore must do with sessions.
#pragma once

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

inline std::string render(domain::Session const& session) {
  std::string line = session.id.text() + " " + session.user.text() + " v" +
                     std::to_string(session.pepper_version) + " " + session.signed_in_by + " " +
                     session.address + " '" + session.user_agent + "'";
  for (Time time :
       {session.created_at, session.last_seen_at, session.idle_until, session.expires_at}) {
    line += " " + std::to_string(time.time_since_epoch().count());
  }
  for (unsigned char byte : session.digest) line += " " + std::to_string(byte);
  return line + (session.tenant ? " in " + session.tenant->text() : "");
}

TEST_P(ControlStoreContract, ASessionComesBackUntilItIsOver) {
  auto user = add_user();
  auto session = make_session(user);
  session.signed_in_by = "oidc:https://issuer.example/" + std::string(480, 'x');
  session.user_agent = std::string(200, 'a');
  ASSERT_TRUE(store->sessions().create_session(session, make_entry("session.create")));
  ASSERT_TRUE(store->sessions().find_session(session.digest, at(4999)));
  EXPECT_EQ(render(*store->sessions().find_session(session.digest, at(1000))), render(session));
  EXPECT_FALSE(store->sessions().find_session(session.digest, at(5000))) << "idle";
  EXPECT_FALSE(store->sessions().find_session(make_session(user).digest, at(1000)));
  EXPECT_THAT(events_of(*store), testing::ElementsAre("user.create", "session.create"));

  auto endless = make_session(user);
  endless.idle_until = at(20'000);
  ASSERT_TRUE(store->sessions().create_session(endless, make_entry()));
  EXPECT_TRUE(store->sessions().find_session(endless.digest, at(8999)));
  EXPECT_FALSE(store->sessions().find_session(endless.digest, at(9000))) << "the absolute end";
}

TEST_P(ControlStoreContract, Attack76ASessionIsOfAUserAndHasAnIdOfItsOwn) {
  auto user = add_user();
  auto session = add_session(user);
  auto code = [&](domain::Session const& other) {
    return code_of(store->sessions().create_session(other, make_entry()));
  };
  auto same_digest = make_session(user), same_id = make_session(user);
  same_digest.digest = session.digest;
  same_id.id = session.id;
  EXPECT_EQ(code(same_digest), Code::conflict);
  EXPECT_EQ(code(same_id), Code::conflict);
  EXPECT_EQ(code(make_session(make_user())), Code::not_found);
  auto strange = make_session(user);
  strange.user_agent = "\xff";
  EXPECT_EQ(code(strange), Code::invalid_request);
  strange.user_agent = std::string(201, 'a');
  EXPECT_EQ(code(strange), Code::invalid_request);
  EXPECT_EQ(store->sessions().list_sessions(user.id, at(1000)).size(), 1u);
}

TEST_P(ControlStoreContract, UseKeepsASessionButNeverBringsOneBack) {
  auto user = add_user();
  auto used = add_session(user), over = add_session(user);
  std::vector<SessionUse> uses{
      {used.id, at(3000), at(7000)},
      {used.id, at(2000), at(6000)},
      {over.id, at(5000), at(8000)},
      {make_session(user).id, at(3000), at(7000)},
  };
  store->sessions().note_session_uses(uses);
  store->sessions().note_session_uses({});
  auto found = store->sessions().find_session(used.digest, at(6999));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->last_seen_at, at(3000));
  EXPECT_EQ(found->idle_until, at(7000));
  EXPECT_FALSE(store->sessions().find_session(over.digest, at(5000))) << "it was over by then";

  std::vector<SessionUse> late{{used.id, at(6000), at(60'000)}};
  store->sessions().note_session_uses(late);
  EXPECT_TRUE(store->sessions().find_session(used.digest, at(8999)));
  EXPECT_FALSE(store->sessions().find_session(used.digest, at(9000)));
}

TEST_P(ControlStoreContract, Attack107ARotatedSessionIsKnownByItsNewCookieAlone) {
  auto user = add_user();
  auto session = add_session(user), other = add_session(user);
  auto fresh = make_session(user).digest;
  std::optional<domain::TenantId> tenant = add_tenant().id;
  auto rotate_to = [&](domain::SessionDigest const& from,
                       domain::SessionDigest const& to,
                       Time now) {
    return store->sessions().rotate_session(from, to, 4, tenant, now, make_entry("session.rotate"));
  };
  EXPECT_EQ(code_of(rotate_to(session.digest, fresh, at(5000))), Code::not_found) << "over";
  EXPECT_EQ(code_of(rotate_to(fresh, session.digest, at(2000))), Code::not_found);
  EXPECT_EQ(code_of(rotate_to(session.digest, other.digest, at(2000))), Code::conflict);
  auto rotated = rotate_to(session.digest, fresh, at(2000));
  ASSERT_TRUE(rotated);
  EXPECT_FALSE(store->sessions().find_session(session.digest, at(2000)));
  session.digest = fresh;
  session.pepper_version = 4;
  session.tenant = tenant;
  EXPECT_EQ(render(*rotated), render(session));
  EXPECT_EQ(render(*store->sessions().find_session(fresh, at(2000))), render(session));
  EXPECT_EQ(events_of(*store).back(), "session.rotate");
}

TEST_P(ControlStoreContract, ASessionActsInATenantForAsLongAsThatIsThere) {
  auto user = add_user();
  auto tenant = add_tenant().id;
  auto session = make_session(user), nowhere = make_session(user);
  session.tenant = tenant;
  nowhere.tenant = domain::TenantId::mint(system_random());
  auto& sessions = store->sessions();
  EXPECT_EQ(code_of(sessions.create_session(nowhere, make_entry())), Code::not_found);
  ASSERT_TRUE(sessions.create_session(session, make_entry()));
  EXPECT_EQ(sessions.find_session(session.digest, at(2000))->tenant, tenant);
  auto moved = sessions.rotate_session(
      session.digest, make_session(user).digest, 3, nowhere.tenant, at(2000), make_entry()
  );
  EXPECT_EQ(code_of(moved), Code::not_found);
  ASSERT_TRUE(store->remove_tenant(tenant, make_entry()));
  EXPECT_EQ(sessions.find_session(session.digest, at(2000))->tenant, std::nullopt);
}

TEST_P(ControlStoreContract, OfManyWhoRotateASessionAtOnceOneWins) {
  auto user = add_user();
  auto session = add_session(user);
  int won = count_of_64([&] {
    auto fresh = make_session(user).digest;
    return store->sessions()
        .rotate_session(session.digest, fresh, 3, {}, at(2000), make_entry())
        .has_value();
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ(store->sessions().list_sessions(user.id, at(2000)).size(), 1u);
}

TEST_P(ControlStoreContract, Attack111ASessionIsRevokedByItsUserAlone) {
  auto user = add_user(), other = add_user();
  auto session = add_session(user), second = add_session(user), third = add_session(user);
  auto foreign = add_session(other);
  auto& sessions = store->sessions();
  EXPECT_EQ(code_of(sessions.revoke_session(other.id, session.id, make_entry())), Code::not_found);
  auto revoked = sessions.revoke_session(user.id, session.id, make_entry("session.revoke"));
  ASSERT_TRUE(revoked);
  EXPECT_EQ(revoked->digest, session.digest);
  EXPECT_FALSE(sessions.find_session(session.digest, at(2000)));
  EXPECT_EQ(code_of(sessions.revoke_session(user.id, session.id, make_entry())), Code::not_found);
  EXPECT_EQ(events_of(*store).back(), "session.revoke");

  auto rest = sessions.revoke_sessions(user.id, second.id, make_entry());
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].id, third.id);
  EXPECT_EQ(sessions.revoke_sessions(user.id, {}, make_entry()).size(), 1u);
  EXPECT_TRUE(sessions.find_session(foreign.digest, at(2000)));
}

TEST_P(ControlStoreContract, SessionsAreListedAndReaped) {
  auto user = add_user();
  auto early = add_session(user), late = add_session(user), over = make_session(user);
  over.idle_until = at(2000);
  ASSERT_TRUE(store->sessions().create_session(over, make_entry()));
  std::vector<SessionUse> uses{{late.id, at(1500), at(6000)}};
  store->sessions().note_session_uses(uses);
  auto listed = store->sessions().list_sessions(user.id, at(2000));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].id, late.id);
  EXPECT_EQ(listed[1].id, early.id);
  EXPECT_EQ(store->sessions().reap_sessions(at(1999)), 0u);
  EXPECT_EQ(store->sessions().reap_sessions(at(2000)), 1u);
  EXPECT_EQ(store->sessions().list_sessions(user.id, at(1000)).size(), 2u);
}

}  // namespace keystead::store
