// What every ControlStore must do with authorization codes and refresh tokens.
#pragma once

#include <atomic>
#include <mutex>
#include <set>

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

TEST_P(ControlStoreContract, ACodeIsRedeemedForItsGrant) {
  auto grant = make_grant();
  auto code = make_code(grant);
  auto& grants = store->grants();
  ASSERT_TRUE(grants.add_code(code, grant, make_entry("grant.create")));
  auto found = grants.find_code(code.digest, at(8999));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->grant, grant.id);
  EXPECT_EQ(found->client, grant.client);
  EXPECT_EQ(found->redirect_uri, code.redirect_uri);
  EXPECT_EQ(found->code_challenge, code.code_challenge);
  EXPECT_EQ(found->pepper_version, 3);
  EXPECT_EQ(found->expires_at, at(9000));
  EXPECT_FALSE(found->used_at);
  EXPECT_FALSE(grants.find_code(code.digest, at(9000)));
  auto redeem = [&](Time now) {
    return grants.redeem_code(code.digest, {}, now, make_entry("redeem"), make_entry("replay"));
  };
  EXPECT_EQ(code_of(redeem(at(9000))), Code::not_found);
  auto redeemed = redeem(at(2000));
  ASSERT_TRUE(redeemed);
  EXPECT_EQ(redeemed->outcome, RedeemedCode::Outcome::redeemed);
  EXPECT_EQ(redeemed->grant.id, grant.id);
  EXPECT_EQ(grants.find_grant(grant.id)->last_used_at, at(2000));
  EXPECT_THAT(events_of(*store), testing::ElementsAre("grant.create", "redeem"));
}

TEST_P(ControlStoreContract, Attack45ACodeThatIsReplayedEndsItsGrant) {
  auto grant = make_grant();
  auto code = make_code(grant);
  auto& grants = store->grants();
  ASSERT_TRUE(grants.add_code(code, grant, make_entry()));
  auto refresh_token = make_refresh_token(grant);
  auto redeem = [&] {
    return grants.redeem_code(
        code.digest, refresh_token, at(2000), make_entry("redeem"), make_entry("replay")
    );
  };
  ASSERT_TRUE(redeem());
  EXPECT_TRUE(grants.find_refresh_token(refresh_token.digest, at(2000)));
  auto replayed = redeem();
  ASSERT_TRUE(replayed);
  EXPECT_EQ(replayed->outcome, RedeemedCode::Outcome::replayed);
  EXPECT_THAT(replayed->ended, testing::ElementsAre(grant.id));
  EXPECT_FALSE(is_living(grant));
  EXPECT_FALSE(grants.find_refresh_token(refresh_token.digest, at(2000)));
  EXPECT_EQ(events_of(*store).back(), "replay");
}

TEST_P(ControlStoreContract, Attack47OfManyWhoRedeemACodeAtOnceOneSucceeds) {
  for (int round = 0; round < race_rounds(); ++round) {
    auto grant = make_grant();
    auto code = make_code(grant);
    ASSERT_TRUE(store->grants().add_code(code, grant, make_entry()));
    int won = count_of_64([&] {
      auto redeemed =
          store->grants().redeem_code(code.digest, {}, at(2000), make_entry(), make_entry());
      return redeemed && redeemed->outcome == RedeemedCode::Outcome::redeemed;
    });
    EXPECT_EQ(won, 1);
    EXPECT_FALSE(is_living(grant)) << "63 replays";
  }
}

TEST_P(ControlStoreContract, ACodeOfAnEndedGrantIsNone) {
  auto grant = make_grant();
  auto code = make_code(grant);
  auto& grants = store->grants();
  ASSERT_TRUE(grants.add_code(code, grant, make_entry()));
  ASSERT_TRUE(grants.end_grant(grant.id, at(1500), make_entry()));
  auto redeemed = grants.redeem_code(code.digest, {}, at(2000), make_entry(), make_entry());
  EXPECT_EQ(code_of(redeemed), Code::not_found);
  auto other = make_grant();
  EXPECT_EQ(code_of(grants.add_code(code, other, make_entry())), Code::invalid_request);
  auto again = make_code(other);
  again.digest = code.digest;
  EXPECT_EQ(code_of(grants.add_code(again, other, make_entry())), Code::conflict);
  EXPECT_FALSE(grants.find_grant(other.id)) << "all or nothing";
}

TEST_P(ControlStoreContract, ACodeAndARefreshTokenKeepTheKeyThatTheyAreBoundTo) {
  auto grant = make_grant();
  auto code = make_code(grant);
  code.key_thumbprint = std::string(43, 'k');
  auto& grants = store->grants();
  ASSERT_TRUE(grants.add_code(code, grant, make_entry()));
  EXPECT_EQ(grants.find_code(code.digest, at(2000))->key_thumbprint, code.key_thumbprint);
  auto first = make_refresh_token(grant), second = make_refresh_token(grant);
  first.key_thumbprint = second.key_thumbprint = std::string(43, 'r');
  ASSERT_TRUE(grants.redeem_code(code.digest, first, at(2000), make_entry(), make_entry()));
  auto key_of = [&](domain::RefreshToken const& token) {
    return grants.find_refresh_token(token.digest, at(3000))->key_thumbprint;
  };
  EXPECT_EQ(key_of(first), first.key_thumbprint);
  auto rotate = [&] {
    return grants.rotate_refresh_token(
        first.digest, second, std::chrono::seconds(60), at(3000), make_entry(), make_entry()
    );
  };
  ASSERT_TRUE(rotate());
  EXPECT_EQ(key_of(second), second.key_thumbprint);
  EXPECT_EQ(rotate()->successor.key_thumbprint, second.key_thumbprint) << "as it is stored";
  auto too_long = make_grant();
  auto odd = make_code(too_long);
  odd.key_thumbprint = std::string(65, 'k');
  EXPECT_EQ(code_of(grants.add_code(odd, too_long, make_entry())), Code::invalid_request);
}

// A grant with its first refresh token, redeemed.
class RefreshLine {
 public:
  explicit RefreshLine(ControlStore& store) : store_(store), grant(make_grant()) {
    auto code = make_code(grant);
    EXPECT_TRUE(store.grants().add_code(code, grant, make_entry()));
    first = make_refresh_token(grant);
    EXPECT_TRUE(
        store.grants().redeem_code(code.digest, first, at(2000), make_entry(), make_entry())
    );
  }
  Result<RotatedToken> rotate(
      domain::RefreshToken const& token, domain::RefreshToken const& successor, Time now
  ) {
    return store_.grants().rotate_refresh_token(
        token.digest,
        successor,
        std::chrono::seconds(60),
        now,
        make_entry("refresh"),
        make_entry("reuse")
    );
  }
  domain::RefreshToken fresh() const {
    auto token = make_refresh_token(grant);
    token.issued_at = at(3000);
    return token;
  }

 private:
  ControlStore& store_;

 public:
  domain::Grant grant;
  domain::RefreshToken first;
};

TEST_P(ControlStoreContract, ARefreshTokenIsRotated) {
  RefreshLine line(*store);
  auto second = line.fresh();
  auto rotated = line.rotate(line.first, second, at(3000));
  ASSERT_TRUE(rotated);
  EXPECT_EQ(rotated->outcome, RotatedToken::Outcome::rotated);
  EXPECT_EQ(rotated->grant.id, line.grant.id);
  EXPECT_EQ(rotated->successor.digest, second.digest);
  EXPECT_EQ(rotated->successor.generation, 2);
  auto found = store->grants().find_refresh_token(second.digest, at(89'999));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->generation, 2);
  EXPECT_EQ(found->issued_at, at(3000));
  EXPECT_FALSE(found->used_at);
  EXPECT_EQ(store->grants().find_refresh_token(line.first.digest, at(3000))->used_at, at(3000));
  EXPECT_FALSE(store->grants().find_refresh_token(second.digest, at(90'000)));
  EXPECT_EQ(code_of(line.rotate(second, line.fresh(), at(90'000))), Code::not_found);
  EXPECT_EQ(code_of(line.rotate(line.fresh(), line.fresh(), at(3000))), Code::not_found);
  EXPECT_EQ(events_of(*store).back(), "refresh");
}

TEST_P(ControlStoreContract, ARetryGetsTheSuccessorThatIsThere) {
  RefreshLine line(*store);
  auto second = line.fresh();
  ASSERT_TRUE(line.rotate(line.first, second, at(3000)));
  auto repeated = line.rotate(line.first, line.fresh(), at(63'000));
  ASSERT_TRUE(repeated);
  EXPECT_EQ(repeated->outcome, RotatedToken::Outcome::repeated);
  EXPECT_EQ(repeated->successor.digest, second.digest);
  EXPECT_TRUE(is_living(line.grant));
}

TEST_P(ControlStoreContract, Attack54AReusedRefreshTokenEndsItsGrant) {
  RefreshLine line(*store);
  auto second = line.fresh();
  ASSERT_TRUE(line.rotate(line.first, second, at(3000)));
  auto reused = line.rotate(line.first, line.fresh(), at(63'001));
  ASSERT_TRUE(reused);
  EXPECT_EQ(reused->outcome, RotatedToken::Outcome::reused);
  EXPECT_THAT(reused->ended, testing::ElementsAre(line.grant.id));
  EXPECT_FALSE(is_living(line.grant));
  EXPECT_EQ(code_of(line.rotate(second, line.fresh(), at(63'001))), Code::not_found);
  EXPECT_EQ(events_of(*store).back(), "reuse");
}

TEST_P(ControlStoreContract, Attack55OnlyTheDirectParentIsExcused) {
  RefreshLine line(*store);
  auto second = line.fresh(), third = line.fresh();
  ASSERT_TRUE(line.rotate(line.first, second, at(3000)));
  ASSERT_TRUE(line.rotate(second, third, at(3001)));
  auto reused = line.rotate(line.first, line.fresh(), at(3002));
  ASSERT_TRUE(reused);
  EXPECT_EQ(reused->outcome, RotatedToken::Outcome::reused);
  EXPECT_EQ(code_of(line.rotate(third, line.fresh(), at(3003))), Code::not_found);
}

TEST_P(ControlStoreContract, Attack54OfManyWhoRefreshAtOnceOneWinsAndAllGetTheSame) {
  for (int round = 0; round < race_rounds(); ++round) {
    RefreshLine line(*store);
    std::atomic<int> repeated = 0;
    std::mutex mutex;
    std::set<domain::GrantSecretDigest> successors;
    int won = count_of_64([&] {
      auto rotated = line.rotate(line.first, line.fresh(), at(3000));
      if (!rotated) return false;
      if (rotated->outcome == RotatedToken::Outcome::repeated) ++repeated;
      std::scoped_lock lock(mutex);
      successors.insert(rotated->successor.digest);
      return rotated->outcome == RotatedToken::Outcome::rotated;
    });
    EXPECT_EQ(won, 1);
    EXPECT_EQ(repeated, 63);
    EXPECT_EQ(successors.size(), 1u) << "a line does not fork";
    EXPECT_TRUE(is_living(line.grant));
  }
}

TEST_P(ControlStoreContract, Attack56AUsedRefreshTokenStaysUsed) {
  RefreshLine line(*store);
  auto second = line.fresh();
  ASSERT_TRUE(line.rotate(line.first, second, at(3000)));
  reopen();
  EXPECT_EQ(store->grants().find_refresh_token(line.first.digest, at(3000))->used_at, at(3000));
}

TEST_P(ControlStoreContract, CodesAndRefreshTokensThatAreOverAreReaped) {
  RefreshLine line(*store);
  auto& grants = store->grants();
  EXPECT_EQ(grants.reap_grants(at(8999), at(0)), 0u);
  EXPECT_EQ(grants.reap_grants(at(9000), at(0)), 1u);
  EXPECT_EQ(grants.reap_grants(at(90'000), at(0)), 1u);
  EXPECT_TRUE(is_living(line.grant));
}

}  // namespace keystead::store
