// What every ControlStore must do with keys that are narrowed from others: they end with them.
#pragma once

#include "store/control_store_fixture.hpp"

namespace keystead::store {

TEST_P(ControlStoreContract, ANarrowedKeyComesBackWithItsLine) {
  auto root = add_key(add_tenant().id), child = add_child(root), grandchild = add_child(child);
  EXPECT_THAT(
      store->find_key(grandchild.digest)->restriction.ancestors,
      testing::ElementsAre(root.id, child.id)
  );
  EXPECT_EQ(render(*store->find_key(grandchild.id)), render(grandchild));
}

TEST_P(ControlStoreContract, RevokingAKeyRevokesAllThatWereNarrowedFromIt) {
  auto tenant = add_tenant();
  auto root = add_key(tenant.id, "root"), other = add_key(tenant.id, "other");
  auto a = add_child(root, "a"), b = add_child(root, "b");
  auto grandchild = add_child(a, "grandchild");
  auto stranger = add_child(other, "stranger");
  ASSERT_TRUE(revoke(b.id, at(1500)));

  auto revoked = revoke(root.id, at(2000));
  ASSERT_TRUE(revoked);
  EXPECT_EQ(revoked->front().name, "root");
  EXPECT_THAT(names_of(*revoked), testing::UnorderedElementsAre("root", "a", "b", "grandchild"));
  for (auto const& key : *revoked) {
    EXPECT_EQ(key.revoked_at, key.name == "b" ? at(1500) : at(2000)) << key.name;
    EXPECT_EQ(render(*store->find_key(key.id)), render(key));
  }
  EXPECT_THAT(active_names(at(3000)), testing::UnorderedElementsAre("other", "stranger"));
}

TEST_P(ControlStoreContract, RevokingANarrowedKeyLeavesItsParent) {
  auto root = add_key(add_tenant().id, "root");
  auto child = add_child(root);
  EXPECT_THAT(names_of(*revoke(child.id, at(2000))), testing::ElementsAre("child"));
  EXPECT_THAT(active_names(at(3000)), testing::ElementsAre("root"));
}

TEST_P(ControlStoreContract, RotatingAKeyEndsAllThatWereNarrowedFromIt) {
  auto root = add_key(add_tenant().id, "root");
  auto child = add_child(root, "child"), brief = make_child(root, "brief");
  brief.expires_at = at(3000);
  ASSERT_TRUE(add(brief));
  auto ended = rotate(root.id, at(9000), make_key(root.tenant, "new"), at(2000));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->front().id, root.id);
  EXPECT_EQ(ended->size(), 3u);
  EXPECT_EQ(store->find_key(child.id)->expires_at, at(9000));
  EXPECT_EQ(store->find_key(brief.id)->expires_at, at(3000));
  EXPECT_THAT(active_names(at(9000)), testing::ElementsAre("new"));
}

TEST_P(ControlStoreContract, AKeyThatHasEndedIsNarrowedNoMore) {
  auto tenant = add_tenant();
  auto revoked = add_key(tenant.id), expiring = make_key(tenant.id);
  ASSERT_TRUE(revoke(revoked.id, at(1000)));
  expiring.expires_at = at(2000);
  ASSERT_TRUE(add(expiring));
  EXPECT_EQ(code_of(add(make_child(revoked))), Code::conflict);
  EXPECT_EQ(code_of(add(make_child(make_key(tenant.id)))), Code::conflict);
  auto child = make_child(expiring);
  child.created_at = at(2000);
  EXPECT_EQ(code_of(add(child)), Code::conflict);
  child.created_at = at(1999);
  EXPECT_TRUE(add(child));
}

TEST_P(ControlStoreContract, Attack013ANarrowedKeyIsOfItsParentsTenantAndLine) {
  auto a = add_tenant("a"), b = add_tenant("b");
  auto root = add_key(a.id), other = add_key(a.id);
  auto child = add_child(root);
  auto foreign = make_child(root);
  foreign.tenant = b.id;
  EXPECT_EQ(code_of(add(foreign)), Code::invalid_request);
  foreign.tenant.reset();
  EXPECT_EQ(code_of(add(foreign)), Code::invalid_request);
  auto shortened = make_child(child);
  shortened.restriction.ancestors = {child.id};
  EXPECT_EQ(code_of(add(shortened)), Code::invalid_request) << "root would not be named";
  shortened.restriction.ancestors = {other.id, child.id};
  EXPECT_EQ(code_of(add(shortened)), Code::invalid_request);
}

}  // namespace keystead::store
