// What every ControlStore must do with passkeys, one-time codes and recovery codes.
#pragma once

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

TEST_P(ControlStoreContract, APasskeyComesBackAsItWasAdded) {
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto passkey = make_passkey(user);
  passkey.sign_count = 0xffffffff;
  ASSERT_TRUE(store->second_factors().add_passkey(passkey, {}, make_entry("passkey.add")));
  auto second = add_passkey(user);
  EXPECT_EQ(events_of(*store).back(), "passkey.add");
  reopen();
  EXPECT_EQ(render(*store->second_factors().find_passkey(passkey.credential)), render(passkey));
  EXPECT_FALSE(store->second_factors().find_passkey("unknown"));
  auto listed = store->second_factors().list_passkeys(user.id);
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_THAT(
      (std::vector{render(listed[0]), render(listed[1])}),
      testing::UnorderedElementsAre(render(passkey), render(second))
  );
  EXPECT_TRUE(store->second_factors().list_passkeys(other.id).empty());
}

TEST_P(ControlStoreContract, APasskeyIsOneUsersAlone) {
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto& factors = store->second_factors();
  auto passkey = add_passkey(user);
  auto code = [&](domain::Passkey const& added) {
    return code_of(factors.add_passkey(added, {}, make_entry()));
  };
  auto taken = make_passkey(other);
  taken.credential = passkey.credential;
  EXPECT_EQ(code(taken), Code::conflict);
  EXPECT_EQ(code(make_passkey(make_user())), Code::not_found);
  EXPECT_EQ(code(make_passkey(user, std::string(101, 'a'))), Code::invalid_request);
  EXPECT_EQ(code(make_passkey(user, "\xff")), Code::invalid_request);
  for (std::size_t i = 1; i < domain::kPasskeysMax; ++i) add_passkey(user);
  EXPECT_EQ(code(make_passkey(user)), Code::conflict) << "one more than there may be";

  auto rename = [&](domain::User const& who, std::string const& name) {
    return factors.rename_passkey(who.id, passkey.id, name, make_entry("passkey.rename"));
  };
  EXPECT_EQ(code_of(rename(other, "mine")), Code::not_found);
  EXPECT_EQ(code_of(rename(user, std::string("\0", 1))), Code::invalid_request);
  ASSERT_TRUE(rename(user, "desk"));
  EXPECT_EQ(factors.find_passkey(passkey.credential)->name, "desk");
  auto remove = [&](domain::User const& who) {
    return factors.remove_passkey(who.id, passkey.id, {}, make_entry("passkey.remove"));
  };
  EXPECT_EQ(code_of(remove(other)), Code::not_found);
  ASSERT_TRUE(remove(user));
  EXPECT_EQ(events_of(*store).back(), "passkey.remove");
  EXPECT_EQ(code_of(remove(user)), Code::not_found);
  EXPECT_FALSE(factors.find_passkey(passkey.credential));
}

TEST_P(ControlStoreContract, ACounterThatDoesNotGoOnIsACopys) {
  auto user = add_user("ada@example.com");
  auto& factors = store->second_factors();
  auto counted = add_passkey(user), uncounted = add_passkey(user);
  auto use = [&](domain::Passkey const& passkey, std::uint32_t count) {
    return code_of(factors.note_passkey_use(passkey.id, count, at(2000)));
  };
  constexpr auto kGood = Code::internal;  // as code_of has it
  EXPECT_EQ(use(uncounted, 0), kGood);
  EXPECT_EQ(use(uncounted, 0), kGood) << "it does not count";
  EXPECT_EQ(use(counted, 5), kGood);
  EXPECT_EQ(use(counted, 5), Code::conflict);
  EXPECT_EQ(use(counted, 4), Code::conflict);
  EXPECT_EQ(use(counted, 0), Code::conflict);
  EXPECT_EQ(use(counted, 0xffffffff), kGood);
  EXPECT_EQ(use(make_passkey(user), 9), Code::not_found);
  auto found = factors.find_passkey(counted.credential);
  EXPECT_EQ(found->sign_count, 0xffffffff);
  EXPECT_EQ(found->last_used_at, at(2000));
}

TEST_P(ControlStoreContract, Attack107AChangeOfFactorsEndsTheOtherSessions) {
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto& factors = store->second_factors();
  auto passkey = make_passkey(user);
  auto totp = make_totp(user);
  ASSERT_TRUE(factors.begin_totp(totp, make_entry()));
  auto kept = add_session(user), others = add_session(other);
  auto ends_the_other = [&](auto const& act) {
    auto ended_one = add_session(user);
    Result<EndedSessions> ended = act();
    ASSERT_TRUE(ended);
    ASSERT_EQ(ended->size(), 1u);
    EXPECT_EQ(ended->front().id, ended_one.id);
    EXPECT_FALSE(store->sessions().find_session(ended_one.digest, at(2000)));
    EXPECT_TRUE(store->sessions().find_session(kept.digest, at(2000)));
    EXPECT_TRUE(store->sessions().find_session(others.digest, at(2000)));
  };
  ends_the_other([&] { return factors.add_passkey(passkey, kept.id, make_entry()); });
  ends_the_other([&] { return factors.confirm_totp(totp, 1, {}, kept.id, make_entry()); });
  ends_the_other([&] {
    return factors.remove_passkey(user.id, passkey.id, kept.id, make_entry());
  });
  ends_the_other([&] { return factors.remove_totp(user.id, kept.id, make_entry()); });
}

TEST_P(ControlStoreContract, OneTimeCodesAreAskedForOnceTheyAreConfirmed) {
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto first = make_totp(user), second = make_totp(user);
  auto begin = [&](domain::Totp const& totp) {
    return code_of(store->second_factors().begin_totp(totp, make_entry("totp.begin")));
  };
  auto confirm = [&](domain::Totp const& totp) {
    return store->second_factors().confirm_totp(totp, 100, {}, {}, make_entry("totp.confirm"));
  };
  EXPECT_EQ(begin(make_totp(make_user())), Code::not_found);
  EXPECT_EQ(code_of(confirm(first)), Code::not_found);
  EXPECT_EQ(begin(first), Code::internal);
  EXPECT_EQ(begin(second), Code::internal) << "takes the place of the first";
  EXPECT_FALSE(store->second_factors().find_totp(user.id)->confirmed_at);
  EXPECT_FALSE(store->second_factors().use_totp_step(user.id, 100));
  EXPECT_EQ(code_of(confirm(first)), Code::not_found) << "its secret is not the one any more";
  ASSERT_TRUE(confirm(second));
  EXPECT_EQ(events_of(*store).back(), "totp.confirm");
  reopen();
  auto found = store->second_factors().find_totp(user.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sealed_secret, second.sealed_secret);
  EXPECT_EQ(found->pepper_version, 3);
  EXPECT_EQ(found->confirmed_at, make_entry().at);
  EXPECT_EQ(found->last_step, 100);
  EXPECT_EQ(begin(first), Code::conflict) << "what is on is not replaced";
  EXPECT_EQ(code_of(confirm(second)), Code::conflict);
  EXPECT_FALSE(store->second_factors().find_totp(other.id));
}

TEST_P(ControlStoreContract, AStepCountsOnce) {
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto& factors = store->second_factors();
  add_totp(user);
  EXPECT_FALSE(factors.use_totp_step(user.id, 100)) << "it was confirmed with this one";
  EXPECT_EQ(count_of_64([&] { return factors.use_totp_step(user.id, 101); }), 1);
  EXPECT_FALSE(factors.use_totp_step(user.id, 99));
  EXPECT_TRUE(factors.use_totp_step(user.id, 103));
  EXPECT_FALSE(factors.use_totp_step(user.id, 102)) << "it lies behind one that was used";
  EXPECT_FALSE(factors.use_totp_step(other.id, 104));
}

TEST_P(ControlStoreContract, ARecoveryCodeCountsOnce) {
  auto user = add_user("ada@example.com"), other = add_user("grace@example.com");
  auto& factors = store->second_factors();
  domain::RecoveryDigest first{1}, second{2};
  add_totp(user, {first, second});
  add_totp(other, {second});
  auto use = [&](domain::User const& who, domain::RecoveryDigest const& digest) {
    return factors.use_recovery_code(who.id, digest, make_entry("recovery_code.use"));
  };
  EXPECT_FALSE(use(other, first)) << "another user's";
  EXPECT_FALSE(use(user, {3}));
  EXPECT_EQ(count_of_64([&] { return use(user, first); }), 1);
  EXPECT_EQ(events_of(*store).back(), "recovery_code.use");
  EXPECT_EQ(factors.count_recovery_codes(user.id), 1u);
  ASSERT_TRUE(factors.remove_totp(user.id, {}, make_entry("totp.remove")));
  EXPECT_EQ(events_of(*store).back(), "totp.remove");
  EXPECT_EQ(code_of(factors.remove_totp(user.id, {}, make_entry())), Code::not_found);
  EXPECT_FALSE(use(user, second)) << "it went with what it stood in for";
  EXPECT_TRUE(use(other, second));
}

TEST_P(ControlStoreContract, AUserWhoEndsHasNoFactors) {
  auto user = add_user("ada@example.com");
  auto& factors = store->second_factors();
  auto passkey = add_passkey(user);
  add_totp(user, {domain::RecoveryDigest{1}});
  ASSERT_TRUE(store->users().end_user(user.id, at(2000), LastOwner::stays, make_entry()));
  EXPECT_FALSE(factors.find_passkey(passkey.credential));
  EXPECT_FALSE(factors.find_totp(user.id));
  EXPECT_EQ(factors.count_recovery_codes(user.id), 0u);
  EXPECT_EQ(code_of(factors.add_passkey(passkey, {}, make_entry())), Code::conflict);
  EXPECT_EQ(code_of(factors.begin_totp(make_totp(user), make_entry())), Code::conflict);
}

}  // namespace keystead::store
