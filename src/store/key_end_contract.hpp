// What every ControlStore must do when a key ends: revocation and rotation.
#pragma once

#include <atomic>
#include <list>
#include <thread>

#include "store/control_store_fixture.hpp"

namespace keystead::store {

TEST_P(ControlStoreContract, RevokingTwiceKeepsTheFirstTime) {
  auto key = add_key(add_tenant().id);
  auto revoked = revoke(key.id, at(2000));
  ASSERT_TRUE(revoked);
  key.revoked_at = at(2000);
  ASSERT_EQ(revoked->size(), 1u);
  EXPECT_EQ(render(revoked->front()), render(key));
  EXPECT_EQ(revoke(key.id, at(3000))->front().revoked_at, at(2000));
  EXPECT_EQ(store->find_key(key.digest)->revoked_at, at(2000));
  EXPECT_EQ(code_of(revoke(make_key(key.tenant).id, at(1))), Code::not_found);
}

TEST_P(ControlStoreContract, RotatingEndsTheOldKeyAndAddsTheNew) {
  auto old = add_key(add_tenant().id, "old");
  auto fresh = make_key(old.tenant, "new");
  auto ended = rotate(old.id, at(9000), fresh, at(2000));
  ASSERT_TRUE(ended);
  old.expires_at = at(9000);
  ASSERT_EQ(ended->size(), 1u);
  EXPECT_EQ(render(ended->front()), render(old));
  EXPECT_EQ(render(*store->find_key(old.id)), render(old));
  EXPECT_EQ(render(*store->find_key(fresh.digest)), render(fresh));
}

TEST_P(ControlStoreContract, RotatingLeavesAnEarlierEnd) {
  auto old = make_key(add_tenant().id);
  old.expires_at = at(3000);
  ASSERT_TRUE(add(old));
  ASSERT_TRUE(rotate(old.id, at(9000), make_key(old.tenant), at(2000)));
  EXPECT_EQ(store->find_key(old.id)->expires_at, at(3000));
}

TEST_P(ControlStoreContract, ARefusedRotationChangesNothing) {
  auto tenant = add_tenant(), other = add_tenant("other");
  auto live = add_key(tenant.id), revoked = add_key(tenant.id), expired = make_key(tenant.id);
  expired.expires_at = at(2000);
  ASSERT_TRUE(add(expired));
  ASSERT_TRUE(revoke(revoked.id, at(1500)));

  auto code = [&](domain::KeyId const& id, domain::ApiKey const& fresh) {
    return code_of(rotate(id, at(9000), fresh, at(2000)));
  };
  EXPECT_EQ(code(revoked.id, make_key(tenant.id)), Code::conflict);
  EXPECT_EQ(code(expired.id, make_key(tenant.id)), Code::conflict);
  EXPECT_EQ(code(make_key(tenant.id).id, make_key(tenant.id)), Code::not_found);
  EXPECT_EQ(code(live.id, make_key(other.id)), Code::invalid_request);
  EXPECT_EQ(code(live.id, make_key({})), Code::invalid_request);
  auto twin = make_key(tenant.id);
  twin.digest = live.digest;
  EXPECT_EQ(code(live.id, twin), Code::conflict);
  EXPECT_EQ(render(*store->find_key(live.id)), render(live));
  EXPECT_EQ(store->list_keys({}).size(), 3u);
}

TEST_P(ControlStoreContract, OfTwoWhoRotateAKeyAtOnceOneWins) {
  auto old = add_key(add_tenant().id);
  std::atomic<int> won = 0;
  {
    std::list<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        if (rotate(old.id, at(2000), make_key(old.tenant), at(2000))) ++won;
      });
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(store->list_keys({}).size(), 2u);
}

}  // namespace keystead::store
