#include "authn/second_factor.hpp"

#include <set>

#include <gtest/gtest.h>

#include "authn/recovery_code.hpp"
#include "authn/test_installation.hpp"
#include "crypto/sealed_box.hpp"

namespace keystead::authn {
namespace {

class SecondFactorTest : public testing::Test {
 protected:
  SecondFactorTest() {
    domain::User added;
    added.id = user;
    added.email = "ada@example.com";
    added.is_local = true;
    installation.store->users().create_user(added, {}, {}).value();
  }

  // What the app shows.
  std::string code_in(std::chrono::seconds ahead) {
    return totp_code(app, totp_step(installation.clock.now() + ahead));
  }
  std::string code() { return code_in(std::chrono::seconds(0)); }
  std::vector<Secret> turn_on() {
    factor.begin(change, "ada@example.com").value();
    app = secret();
    return factor.confirm(change, code()).value();
  }
  // As the app has it from the URI.
  Secret secret() {
    auto totp = installation.store->second_factors().find_totp(user).value();
    crypto::SealedBox box(installation.digester.digest("totp-secrets:", totp.pepper_version));
    return box.open(totp.sealed_secret, user.text()).value();
  }
  void wait(std::chrono::seconds time) { installation.clock.advance(time); }
  bool accepts(std::string_view text) { return factor.accept(change, text); }

  TestInstallation installation;
  domain::UserId user = domain::UserId::mint(installation.random);
  FactorChange change{user, {}, "request"};
  SecondFactor factor{
      "Harbor",
      installation.digester,
      installation.store->second_factors(),
      *installation.ring,
      installation.clock,
      installation.random
  };
  Secret app;
};

TEST_F(SecondFactorTest, IsAskedForOnceACodeHasBeenShown) {
  auto begun = factor.begin(change, "ada@example.com").value();
  app = secret();
  EXPECT_EQ(begun.uri.reveal(), totp_uri(app, "Harbor", "ada@example.com").reveal());
  EXPECT_TRUE(begun.uri.reveal().contains("secret=" + std::string(begun.secret.reveal())));
  EXPECT_FALSE(factor.is_on(user));
  EXPECT_FALSE(accepts(code()));
  auto wrong = factor.confirm(change, "000000" == code() ? "000001" : "000000");
  EXPECT_EQ(wrong.error().code, Code::invalid_request);
  EXPECT_FALSE(factor.is_on(user));
  EXPECT_TRUE(factor.confirm(change, code()));
  EXPECT_TRUE(factor.is_on(user));
  EXPECT_EQ(factor.begin(change, "ada@example.com").error().code, Code::conflict);
  EXPECT_EQ(installation.last_entry().event, "totp.confirm");
  EXPECT_EQ(installation.last_entry().actor, "user:" + user.text());
}

TEST_F(SecondFactorTest, ACodeIsGoodOnce) {
  turn_on();
  EXPECT_FALSE(accepts(code())) << "it was confirmed with this one";
  wait(std::chrono::seconds(30));
  auto used = code();
  EXPECT_TRUE(accepts(used));
  EXPECT_FALSE(accepts(used));
  EXPECT_TRUE(accepts(code_in(std::chrono::seconds(30))));
  EXPECT_FALSE(accepts(used));
  EXPECT_FALSE(accepts(""));
}

TEST_F(SecondFactorTest, RecoveryCodesStandInOnceEach) {
  auto codes = turn_on();
  std::set<std::string_view> different;
  for (auto const& each : codes) different.insert(each.reveal());
  ASSERT_EQ(different.size(), kRecoveryCodes);
  EXPECT_TRUE(accepts(codes[0].reveal()));
  EXPECT_EQ(installation.last_entry().event, "recovery_code.use");
  EXPECT_FALSE(accepts(codes[0].reveal()));
  EXPECT_EQ(factor.recovery_codes_left(user), 9u);
  std::string typed;
  for (char c : codes[1].reveal()) {
    if (c != '-') typed += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  EXPECT_TRUE(accepts(" " + typed)) << "as somebody types it";
  ASSERT_TRUE(factor.remove(change));
  EXPECT_FALSE(accepts(codes[2].reveal()));
  EXPECT_EQ(factor.remove(change).error().code, Code::not_found);
}

TEST_F(SecondFactorTest, ASecretOpensUnderItsPepperAndForItsUserOnly) {
  turn_on();
  auto& factors = installation.store->second_factors();
  auto sealed = factors.find_totp(user)->sealed_secret;
  EXPECT_FALSE(sealed.contains(app.reveal()));
  wait(std::chrono::seconds(30));
  KeyDigester rotated({{3, Secret(std::string(32, 'c'))}, {2, Secret(std::string(32, 'b'))}}),
      forgotten({{3, Secret(std::string(32, 'c'))}});
  auto with = [&](KeyDigester const& digester) {
    return SecondFactor(
        "Harbor", digester, factors, *installation.ring, installation.clock, installation.random
    );
  };
  EXPECT_FALSE(with(forgotten).accept(change, code()));
  EXPECT_TRUE(with(rotated).accept(change, code()));

  domain::User other;
  other.id = domain::UserId::mint(installation.random);
  installation.store->users().create_user(other, {}, {}).value();
  domain::Totp moved{.user = other.id, .sealed_secret = sealed, .pepper_version = 2};
  ASSERT_TRUE(factors.begin_totp(moved, {}));
  EXPECT_EQ(factor.confirm({other.id, {}, ""}, code()).error().code, Code::not_found)
      << "another user's secret, put into the row";
}

}  // namespace
}  // namespace keystead::authn
