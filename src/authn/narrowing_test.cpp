// Children of keys: what they have, how many there may be, and that they end with their parents.
#include "authn/narrowing.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;

class Children : public testing::Test, protected TestInstallation {
 protected:
  Result<CreatedKey> narrow(domain::KeyId const& parent, Narrowing wish = {}) {
    wish.name = "child";
    return authority->narrow(parent, wish, {});
  }
  Code refusal_of(domain::KeyId const& parent) {
    auto child = narrow(parent);
    return child ? Code::internal : child.error().code;
  }
};

TEST_F(Children, AChildHasItsParentsRightsAndWhatItIsHeldTo) {
  auto terms = wanted();
  terms.kind = "staged";
  terms.environment = "test";
  auto parent = create(terms);
  auto child = narrow(parent.record.id, {.scopes = {{"read"}}, .tools = {"a"}}).value();
  for (int round = 0; round < 2; ++round) {
    auto principal = principal_of(child);
    EXPECT_EQ(principal.tenant(), tenant);
    EXPECT_EQ(principal.kind(), 1);
    EXPECT_EQ(principal.environment(), 1);
    EXPECT_EQ(scopes.names(principal.scopes()), std::vector<std::string>{"read"});
    ASSERT_TRUE(principal.restriction());
    EXPECT_EQ(principal.restriction()->tools, std::vector<std::string>{"a"});
    EXPECT_EQ(principal.restriction()->ancestors, std::vector{parent.record.id});
    start();
  }
  auto grandchild = narrow(child.record.id).value();
  EXPECT_EQ(
      grandchild.record.restriction.ancestors, (std::vector{parent.record.id, child.record.id})
  );
}

TEST_F(Children, AKeyOfNoTenantHasChildrenToo) {
  auto parent = create({.kind = "platform", .name = "ops", .scopes = {"write"}});
  auto child = narrow(parent.record.id, {.scopes = {{"read"}}});
  ASSERT_TRUE(child);
  EXPECT_FALSE(principal_of(*child).tenant());
}

TEST_F(Children, EndWithTheirParent) {
  auto terms = wanted();
  terms.expires_at = clock.now() + 1h;
  auto parent = create(terms);
  auto child = narrow(parent.record.id).value();
  auto grandchild = narrow(child.record.id).value();
  auto sibling = narrow(parent.record.id).value();
  EXPECT_TRUE(accepts(grandchild.key));
  authority->revoke(child.record.id, {}).value();
  EXPECT_FALSE(accepts(grandchild.key));
  EXPECT_TRUE(accepts(sibling.key));
  EXPECT_TRUE(accepts(parent.key)) << "an end goes down, not up";
  clock.advance(1h);
  EXPECT_FALSE(accepts(sibling.key));
}

TEST_F(Children, GoFiveLevelsDeep) {
  auto key = create();
  for (int level = 0; level < 5; ++level) {
    auto child = narrow(key.record.id);
    ASSERT_TRUE(child) << level;
    key = std::move(*child);
  }
  EXPECT_TRUE(accepts(key.key));
  EXPECT_EQ(refusal_of(key.record.id), Code::conflict);
}

TEST_F(Children, AHundredOfOneKeyLiveAtOnceHoweverTheyCameToBe) {
  auto first = create();
  auto child = narrow(first.record.id, {.expires_at = clock.now() + 1h}).value();
  std::atomic<int> made{1};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 20; ++n)
          made += narrow(i % 2 ? first.record.id : child.record.id) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(made, 100);
  EXPECT_EQ(refusal_of(first.record.id), Code::conflict);
  EXPECT_EQ(refusal_of(child.record.id), Code::conflict);
  EXPECT_TRUE(narrow(create().record.id)) << "another key has its own";
  clock.advance(1h);
  EXPECT_TRUE(narrow(first.record.id)) << "some have ended";
}

}  // namespace
}  // namespace keystead::authn
