#include "authn/sessions.hpp"

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"
#include "authn/user_authority.hpp"
#include "authn/user_event.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;
using domain::Role;

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() { start(); }

  void start() {
    scopes_.fill(installation_.scopes.resolve(std::vector<std::string>{"admin", "write"}).value());
    scopes_[static_cast<std::size_t>(Role::read_only)] =
        installation_.scopes.resolve(std::vector<std::string>{"read"}).value();
    auto& store = *installation_.store;
    sessions_.emplace(
        Sessions::Parts{
            .options = {.idle = 1h, .lifetime = 24h},
            .digester = installation_.digester,
            .store = store.sessions(),
            .users = store.users(),
            .places = Places(store.users(), store, false),
            .scopes = scopes_,
            .ring = *installation_.ring,
            .clock = installation_.clock,
            .random = installation_.random,
        }
    );
    authenticator_.emplace(
        *installation_.rules,
        installation_.digester,
        store,
        *installation_.ring,
        installation_.clock,
        nullptr,
        &*sessions_
    );
  }

  domain::UserId add_user(std::vector<std::pair<domain::TenantId, Role>> const& places) {
    domain::User user;
    user.id = domain::UserId::mint(installation_.random);
    user.created_at = installation_.clock.now();
    auto& users = installation_.store->users();
    EXPECT_TRUE(users.create_user(user, {}, event(user.id)));
    for (auto const& [tenant, role] : places) {
      EXPECT_TRUE(
          users.set_membership({user.id, tenant, role}, store::LastOwner::stays, event(user.id))
      );
    }
    return user.id;
  }
  domain::AuditEntry event(domain::UserId const& user) {
    return user_event("test", user, {}, {}, installation_.clock.now());
  }
  OpenedSession begin(domain::UserId const& user, std::string_view former = {}) {
    return sessions_->begin(user, "password", {"192.0.2.1", "Browser/1"}, former, "r").value();
  }
  // As a request is checked: from memory, and else from the store.
  Result<domain::Principal> ask(Secret const& cookie) {
    PresentedSession const shown{cookie.reveal()};
    auto known = authenticator_->authenticate_from_memory(shown, "192.0.2.1");
    return known ? std::move(*known) : authenticator_->authenticate(shown, "192.0.2.1");
  }

  TestInstallation installation_;
  std::array<domain::ScopeSet, 4> scopes_;
  std::optional<Sessions> sessions_;
  std::optional<Authenticator> authenticator_;
};

TEST_F(SessionsTest, StandsForItsUserInTheOneTenantThereIs) {
  auto user = add_user({{installation_.tenant, Role::admin}});
  auto session = begin(user);
  auto principal = ask(session.cookie);
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->user(), user);
  EXPECT_EQ(principal->tenant(), installation_.tenant);
  EXPECT_TRUE(principal->manages());
  EXPECT_FALSE(ask(Secret("x")));
  EXPECT_FALSE(ask(Secret(std::string(43, 'A'))));
}

TEST_F(SessionsTest, WhoBelongsToSeveralTenantsChoosesOne) {
  auto user = add_user(
      {{installation_.tenant, Role::read_only}, {installation_.other_tenant, Role::owner}}
  );
  auto session = begin(user);
  EXPECT_FALSE(ask(session.cookie)->tenant());
  auto moved = sessions_->rotate(session.cookie.reveal(), installation_.tenant, "r");
  ASSERT_TRUE(moved);
  auto principal = ask(moved->cookie);
  EXPECT_EQ(principal->tenant(), installation_.tenant);
  EXPECT_FALSE(principal->manages());
  EXPECT_EQ(principal->scopes(), scopes_[static_cast<std::size_t>(Role::read_only)]);
}

TEST_F(SessionsTest, Attack111NobodyActsWhereTheyDoNotBelong) {
  auto user = add_user({{installation_.tenant, Role::owner}});
  auto session = begin(user);
  auto moved = sessions_->rotate(session.cookie.reveal(), installation_.other_tenant, "r");
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, Code::not_found);
  EXPECT_TRUE(ask(session.cookie));
}

TEST_F(SessionsTest, Attack107NoCookieOutlivesASignInOrAChangeOfRights) {
  auto user = add_user({{installation_.tenant, Role::member}});
  auto first = begin(user);
  ASSERT_TRUE(ask(first.cookie));
  auto second = begin(user, first.cookie.reveal());
  EXPECT_FALSE(ask(first.cookie));
  auto third = sessions_->rotate(second.cookie.reveal(), {}, "r");
  ASSERT_TRUE(third);
  EXPECT_FALSE(ask(second.cookie));
  EXPECT_TRUE(ask(third->cookie));
}

TEST_F(SessionsTest, Attack110WhatIsEndedIsRefusedAtOnce) {
  auto user = add_user({{installation_.tenant, Role::member}});
  auto one = begin(user), two = begin(user), three = begin(user), four = begin(user);
  for (auto const* each : {&one, &two, &three, &four}) ASSERT_TRUE(ask(each->cookie));
  sessions_->end(one.cookie.reveal(), "r");
  EXPECT_FALSE(ask(one.cookie));
  ASSERT_TRUE(sessions_->revoke(user, two.record.id, "r"));
  EXPECT_FALSE(ask(two.cookie));
  EXPECT_FALSE(sessions_->revoke(add_user({}), three.record.id, "r")) << "of somebody else";
  EXPECT_EQ(sessions_->revoke_all(user, three.record.id, "r"), 1u);
  EXPECT_FALSE(ask(four.cookie));
  EXPECT_TRUE(ask(three.cookie));
  EXPECT_EQ(sessions_->list(user).size(), 1u);
}

TEST_F(SessionsTest, EndsWithItsUser) {
  auto user = add_user({{installation_.tenant, Role::member}});
  auto session = begin(user);
  ASSERT_TRUE(ask(session.cookie));
  UserAuthority authority(installation_.store->users(), *installation_.ring, installation_.clock);
  ASSERT_TRUE(authority.end(user, store::LastOwner::stays, {}));
  EXPECT_FALSE(ask(session.cookie));
}

TEST_F(SessionsTest, ARoleThatChangesCountsFromTheNextRequestOn) {
  auto user = add_user({{installation_.tenant, Role::admin}});
  auto session = begin(user);
  ASSERT_TRUE(ask(session.cookie)->manages());
  UserAuthority authority(installation_.store->users(), *installation_.ring, installation_.clock);
  ASSERT_TRUE(authority.set_membership(
      {user, installation_.tenant, Role::read_only}, store::LastOwner::stays, {}
  ));
  EXPECT_FALSE(ask(session.cookie)->manages());
}

TEST_F(SessionsTest, IsOverWhenItIsIdleAndInTheEndAnyhow) {
  auto user = add_user({{installation_.tenant, Role::member}});
  auto idle = begin(user);
  installation_.clock.advance(1h);
  EXPECT_FALSE(ask(idle.cookie));
  auto used = begin(user);
  for (int i = 0; i < 47; ++i) {
    installation_.clock.advance(30min);
    ASSERT_TRUE(ask(used.cookie)) << i;
  }
  installation_.clock.advance(30min);
  EXPECT_FALSE(ask(used.cookie)) << "a day after its beginning";
}

TEST_F(SessionsTest, Attack106TheTokenOfOneSessionIsNoneOfAnother) {
  auto user = add_user({{installation_.tenant, Role::member}});
  auto one = begin(user), two = begin(user);
  auto token = sessions_->csrf_token(one.cookie.reveal());
  EXPECT_TRUE(sessions_->is_csrf_token(one.cookie.reveal(), token));
  EXPECT_FALSE(sessions_->is_csrf_token(two.cookie.reveal(), token));
  EXPECT_FALSE(sessions_->is_csrf_token(one.cookie.reveal(), ""));
  EXPECT_FALSE(sessions_->is_csrf_token("", sessions_->csrf_token("")));
}

}  // namespace
}  // namespace keystead::authn
