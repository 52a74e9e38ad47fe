#include "authn/passkeys.hpp"

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"
#include "authn/webauthn/test_authenticator.hpp"

namespace keystead::authn {
namespace {

using webauthn::TestAuthenticator;

class PasskeysTest : public testing::Test {
 protected:
  PasskeysTest() {
    for (auto const& id : {user, other}) {
      domain::User added;
      added.id = id;
      installation.store->users().create_user(added, {}, {}).value();
    }
  }

  Result<domain::Passkey> add(std::string_view challenge) {
    return passkeys.add(change, authenticator.attest(challenge), "laptop");
  }
  void add() { ASSERT_TRUE(add(passkeys.registration_challenge(user))); }
  Result<domain::UserId> prove(std::string_view challenge) {
    return passkeys.prove(
        authenticator.credential, user_handle_of(user), authenticator.assert_presence(challenge)
    );
  }
  Result<domain::UserId> prove() { return prove(passkeys.sign_in_challenge()); }

  TestInstallation installation;
  domain::UserId user = domain::UserId::mint(installation.random);
  domain::UserId other = domain::UserId::mint(installation.random);
  FactorChange change{user, {}, "request"};
  Tickets tickets{
      installation.digester, installation.store->once(), installation.clock, installation.random
  };
  Passkeys passkeys{
      {"keys.example", "https://keys.example", "Harbor"},
      installation.store->second_factors(),
      tickets,
      *installation.ring,
      installation.clock,
      installation.random
  };
  TestAuthenticator authenticator{crypto::KeyType::ed25519};
};

TEST_F(PasskeysTest, WhoeverMadeOneSignsInWithIt) {
  add();
  EXPECT_EQ(installation.last_entry().event, "passkey.add");
  EXPECT_EQ(prove(), user);
  EXPECT_EQ(passkeys.list(user).front().last_used_at, installation.clock.now());
  ASSERT_TRUE(passkeys.rename(change, passkeys.list(user).front().id, "desk"));
  EXPECT_EQ(passkeys.list(user).front().name, "desk");
  ASSERT_TRUE(passkeys.remove(change, passkeys.list(user).front().id));
  EXPECT_EQ(installation.last_entry().event, "passkey.remove");
  EXPECT_FALSE(prove());
}

TEST_F(PasskeysTest, AChallengeIsAnsweredOnceInTimeAndForWhatItWasMade) {
  auto challenge = passkeys.registration_challenge(user);
  EXPECT_FALSE(add(passkeys.registration_challenge(other)));
  EXPECT_FALSE(add(passkeys.sign_in_challenge()));
  EXPECT_FALSE(add("abc"));
  ASSERT_TRUE(add(challenge));
  authenticator.credential = "another";
  EXPECT_FALSE(add(challenge)) << "again";

  authenticator.credential = std::string(32, 'c');
  auto sign_in = passkeys.sign_in_challenge();
  EXPECT_TRUE(prove(sign_in));
  EXPECT_FALSE(prove(sign_in)) << "again";
  EXPECT_FALSE(prove(passkeys.registration_challenge(user)));
  EXPECT_FALSE(prove("abc"));
  auto late = passkeys.sign_in_challenge();
  installation.clock.advance(kTicketLifetime);
  EXPECT_FALSE(prove(late));
}

TEST_F(PasskeysTest, AClonedAuthenticatorIsRefused) {
  authenticator.sign_count = 7;
  add();
  EXPECT_FALSE(prove()) << "the counter stands still";
  authenticator.sign_count = 6;
  EXPECT_FALSE(prove());
  authenticator.sign_count = 8;
  EXPECT_TRUE(prove());
}

TEST_F(PasskeysTest, EveryRefusalReadsTheSame) {
  add();
  auto refused = [](Result<domain::UserId> const& result) {
    return result ? "accepted" : result.error().public_text;
  };
  auto const expected = "the passkey is not accepted";
  auto assertion = authenticator.assert_presence(passkeys.sign_in_challenge());
  EXPECT_EQ(refused(passkeys.prove("unknown", user_handle_of(user), assertion)), expected);
  EXPECT_EQ(
      refused(passkeys.prove(authenticator.credential, user_handle_of(other), assertion)), expected
  );
  EXPECT_EQ(refused(passkeys.prove(authenticator.credential, "", assertion)), expected);
  EXPECT_EQ(refused(prove("abc")), expected);
  auto changed = assertion;
  changed.signature[0] = static_cast<char>(changed.signature[0] ^ 1);
  EXPECT_EQ(
      refused(passkeys.prove(authenticator.credential, user_handle_of(user), changed)), expected
  );
  EXPECT_EQ(
      refused(passkeys.prove(authenticator.credential, user_handle_of(user), assertion)), "accepted"
  );
}

}  // namespace
}  // namespace keystead::authn
