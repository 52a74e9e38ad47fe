// What every ControlStore must do with signing keys.
#pragma once

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

inline domain::SigningKey make_signing_key(std::string kid, domain::SigningKey::State state) {
  domain::SigningKey key;
  key.kid = std::move(kid);
  key.algorithm = "ES256";
  key.sealed = std::string("sealed\0\xff", 8);
  key.pepper_version = 3;
  key.state = state;
  key.created_at = at(1000);
  key.turned_at = at(2000);
  return key;
}

TEST_P(ControlStoreContract, SigningKeysAreReplacedByWhoHasSeenThem) {
  using State = domain::SigningKey::State;
  auto& keys = store->signing_keys();
  EXPECT_TRUE(keys.list_signing_keys().empty());
  std::vector first{make_signing_key("a", State::current)};
  ASSERT_TRUE(keys.replace_signing_keys({}, first, make_entry("signing_keys.rotate")));
  EXPECT_EQ(code_of(keys.replace_signing_keys({}, first, make_entry())), Code::conflict);
  std::vector turned{make_signing_key("a", State::retired), make_signing_key("b", State::next)};
  turned[0].retired_until = at(5000);
  int won = count_of_64([&] {
    return store->signing_keys().replace_signing_keys(first, turned, make_entry()).has_value();
  });
  EXPECT_EQ(won, 1);
  auto listed = keys.list_signing_keys();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].kid, "a");
  EXPECT_EQ(listed[0].algorithm, "ES256");
  EXPECT_EQ(listed[0].sealed, std::string("sealed\0\xff", 8));
  EXPECT_EQ(listed[0].pepper_version, 3);
  EXPECT_EQ(listed[0].state, State::retired);
  EXPECT_EQ(listed[0].created_at, at(1000));
  EXPECT_EQ(listed[0].turned_at, at(2000));
  EXPECT_EQ(listed[0].retired_until, at(5000));
  EXPECT_EQ(listed[1].state, State::next);
  EXPECT_FALSE(listed[1].retired_until);
  EXPECT_EQ(events_of(*store).front(), "signing_keys.rotate");
}

}  // namespace keystead::store
