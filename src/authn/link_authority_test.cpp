#include "authn/link_authority.hpp"

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"
#include "authn/user_event.hpp"
#include "domain/session.hpp"

namespace keystead::authn {
namespace {

using domain::LinkPurpose;
using domain::Role;
using namespace std::chrono_literals;

class LinkAuthorityTest : public testing::Test {
 protected:
  domain::UserId add_user(std::string email) {
    domain::User user{.id = domain::UserId::mint(world_.random), .email = std::move(email)};
    user.is_local = true;
    user.password = Secret("old");
    user.created_at = world_.clock.now();
    EXPECT_TRUE(users_.create_user(user, {}, user_event("user.create", user.id, {}, {}, {})));
    return user.id;
  }
  void set_role(domain::UserId const& user, Role role) {
    auto entry = user_event("membership.set", user, {}, {}, {});
    EXPECT_TRUE(
        users_.set_membership({user, world_.tenant, role}, store::LastOwner::may_go, entry)
    );
  }

  std::string invite(std::string email, Role role = Role::member) {
    auto issued = links_.invite({std::move(email), world_.tenant, role}, {});
    return std::string(issued.value().value.reveal());
  }
  std::string reset(std::string_view email) {
    return std::string(links_.reset(email, {}).value().value.reveal());
  }
  Result<Accepted> accept(
      std::string_view value,
      std::optional<domain::UserId> const& user = {},
      std::optional<Newcomer> const& newcomer = Newcomer{"Ada", Secret("hash")}
  ) {
    return links_.accept(value, user, newcomer, "request");
  }
  Result<domain::UserId> set_password(std::string_view value) {
    return links_.reset_password(value, Secret("new"), "request");
  }
  bool is_good(LinkPurpose purpose, std::string_view value) {
    return links_.find(purpose, value).has_value();
  }
  std::string password_of(domain::UserId const& user) {
    return std::string(users_.find_user(user)->password->reveal());
  }

  TestInstallation world_;
  store::UserStore& users_ = world_.store->users();
  LinkAuthority links_{
      {world_.store->once(), users_, *world_.ring, world_.digester, world_.clock, world_.random}
  };
};

TEST_F(LinkAuthorityTest, AnInvitationMakesAUserWithAPlace) {
  auto value = invite("ada@example.com", Role::admin);
  EXPECT_EQ(value.size(), 43u);
  auto link = links_.find(LinkPurpose::invitation, value);
  ASSERT_TRUE(link);
  EXPECT_EQ(link->email, "ada@example.com");
  auto accepted = accept(value);
  ASSERT_TRUE(accepted);
  EXPECT_TRUE(accepted->is_new);
  EXPECT_EQ(users_.find_role(accepted->user.id, world_.tenant), Role::admin);
  auto user = users_.find_user_by_email("ada@example.com");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->name, "Ada");
  EXPECT_EQ(password_of(user->id), "hash");
  EXPECT_EQ(accept(value).error().code, Code::not_found) << "it was used";
}

TEST_F(LinkAuthorityTest, WhoHasTheAddressMustBeSignedInToJoin) {
  auto ada = add_user("ada@example.com");
  auto value = invite("ada@example.com");
  EXPECT_EQ(accept(value).error().code, Code::conflict);
  EXPECT_FALSE(users_.find_role(ada, world_.tenant));
  auto accepted = accept(value, ada);
  ASSERT_TRUE(accepted);
  EXPECT_FALSE(accepted->is_new);
  EXPECT_EQ(accepted->user.id, ada);
  EXPECT_EQ(password_of(ada), "old") << "an invitation is no way to set a password";
  EXPECT_EQ(users_.find_role(ada, world_.tenant), Role::member);
  auto again = links_.invite({"ada@example.com", world_.tenant, Role::owner}, {});
  EXPECT_EQ(again.error().code, Code::conflict) << "she is a member";
}

TEST_F(LinkAuthorityTest, WhoIsSignedInJoinsWhateverTheAddressAndLosesNoRights) {
  auto grace = add_user("grace@example.com");
  EXPECT_EQ(accept(invite("ada@example.com"), grace)->user.id, grace);
  set_role(grace, Role::owner);
  auto value = invite("ada@example.com", Role::read_only);
  EXPECT_EQ(accept(value, grace)->membership.role, Role::owner);
  EXPECT_EQ(users_.find_role(grace, world_.tenant), Role::owner);
  EXPECT_FALSE(users_.find_user_by_email("ada@example.com"));
}

TEST_F(LinkAuthorityTest, AnInvitationThatNobodyCanTakeUpIsNotUsedUp) {
  auto value = invite("ada@example.com");
  EXPECT_EQ(accept(value, {}, {}).error().code, Code::invalid_request);
  Newcomer const nameless{std::string(201, 'x'), Secret("hash")};
  EXPECT_EQ(accept(value, {}, nameless).error().code, Code::invalid_request);
  EXPECT_TRUE(accept(value));
}

TEST_F(LinkAuthorityTest, AResetSetsThePasswordAndEndsAllSessions) {
  auto ada = add_user("ada@example.com");
  domain::Session session;
  session.id = domain::SessionId::mint(world_.random);
  session.user = ada;
  session.created_at = session.last_seen_at = world_.clock.now();
  session.idle_until = session.expires_at = world_.clock.now() + 1h;
  session.signed_in_by = "password";
  auto entry = user_event("session.begin", ada, {}, {}, world_.clock.now());
  auto& sessions = world_.store->sessions();
  ASSERT_TRUE(sessions.create_session(session, entry));
  auto value = reset("ada@example.com");
  EXPECT_EQ(set_password(value), ada);
  EXPECT_EQ(password_of(ada), "new");
  EXPECT_TRUE(sessions.list_sessions(ada, world_.clock.now()).empty());
  EXPECT_EQ(set_password(value).error().code, Code::not_found) << "it was used";
  EXPECT_EQ(links_.reset("eve@example.com", {}).error().code, Code::not_found);
}

TEST_F(LinkAuthorityTest, Attack73ALinkOfOnePurposeIsNoneOfAnother) {
  add_user("ada@example.com");
  auto invitation = invite("eve@example.com"), forgotten = reset("ada@example.com");
  for (auto purpose : {LinkPurpose::invitation, LinkPurpose::reset, LinkPurpose::verify_email}) {
    EXPECT_EQ(is_good(purpose, invitation), purpose == LinkPurpose::invitation);
    EXPECT_EQ(is_good(purpose, forgotten), purpose == LinkPurpose::reset);
  }
  EXPECT_EQ(set_password(invitation).error().code, Code::not_found);
  EXPECT_EQ(accept(forgotten).error().code, Code::not_found);
  EXPECT_TRUE(accept(invitation)) << "and what was refused did not use it up";
  EXPECT_TRUE(set_password(forgotten));
}

TEST_F(LinkAuthorityTest, ALinkIsOverAfterItsTime) {
  add_user("ada@example.com");
  auto invitation = invite("eve@example.com"), forgotten = reset("ada@example.com");
  world_.clock.advance(1h);
  EXPECT_FALSE(is_good(LinkPurpose::reset, forgotten));
  EXPECT_TRUE(is_good(LinkPurpose::invitation, invitation));
  world_.clock.advance(7 * 24h - 1h);
  EXPECT_FALSE(is_good(LinkPurpose::invitation, invitation));
  EXPECT_EQ(accept(invitation).error().code, Code::not_found);
}

TEST_F(LinkAuthorityTest, NoValueAndNoAddressIsInTheAuditLog) {
  add_user("ada@example.com");
  auto invitation = invite("eve@example.com"), forgotten = reset("ada@example.com");
  accept(invitation).value();
  set_password(forgotten).value();
  for (auto const& record : world_.store->read_audit(0, 100)) {
    auto text =
        record.entry.event + record.entry.subject + record.entry.actor + record.entry.detail;
    for (auto const& secret : {invitation, forgotten, std::string("@example.com")}) {
      EXPECT_FALSE(text.contains(secret)) << text;
    }
  }
}

}  // namespace
}  // namespace keystead::authn
