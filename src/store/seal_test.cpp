#include "store/seal.hpp"

#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "store/broken.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {
namespace {

domain::ApiKey sample() {
  domain::ApiKey key;
  key.tenant = domain::TenantId();
  key.prefix = "nk_live";
  key.environment = "live";
  key.scopes = {"a", "b"};
  key.created_by = "operator";
  key.digest.fill(7);
  return key;
}

TEST(Seal, EveryFieldThatDecidesChangesIt) {
  using Change = std::function<void(domain::ApiKey&)>;
  domain::KeyId other = domain::KeyId::mint(system_random());
  std::vector<Change> changes{
      [](auto&) {},
      [&](auto& key) { key.id = other; },
      [](auto& key) { key.tenant.reset(); },
      [](auto& key) { key.tenant = domain::TenantId::mint(system_random()); },
      [](auto& key) { key.kind = "platform"; },
      [](auto& key) { key.prefix += "x"; },
      [](auto& key) { key.environment = "test"; },
      [](auto& key) { key.scopes = {"a"}; },
      [](auto& key) { key.scopes = {"ab"}; },
      [](auto& key) { key.scopes = {"a b"}; },
      [](auto& key) { key.scopes = {"b", "a"}; },
      [](auto& key) { key.scopes = {"a", "b", ""}; },
      [](auto& key) { key.restriction.tools = {"a", "b"}; },
      [](auto& key) { key.restriction.arguments = {{"a", {"b"}}}; },
      [](auto& key) { key.restriction.arguments = {{"a", {}}, {"b", {}}}; },
      [](auto& key) { key.restriction.addresses = {*domain::AddressRange::parse("10.0.0.0/8")}; },
      [&](auto& key) { key.restriction.ancestors = {other}; },
      [](auto& key) { key.digest[31] ^= 1; },
      [](auto& key) { key.digest_form = domain::DigestForm::of_sha256; },
      [](auto& key) { key.pepper_version = 2; },
      [](auto& key) { key.created_by = "import"; },
      [](auto& key) { key.created_at = at(1); },
      [](auto& key) { key.expires_at = at(0); },
      [](auto& key) { key.revoked_at = at(0); },
      [](auto& key) { key.expires_at = key.revoked_at = at(0); },
      [](auto& key) { key.owner = domain::UserId(); },
      [](auto& key) { key.owner = domain::UserId::mint(system_random()); },
  };
  std::set<crypto::Digest> seals;
  for (auto const& change : changes) {
    auto key = sample();
    change(key);
    seals.insert(test_seal().of(key, 1));
  }
  EXPECT_EQ(seals.size(), changes.size());
}

TEST(Seal, TheNameAndTheLastUseAreNotInIt) {
  auto key = sample();
  auto before = test_seal().of(key, 1);
  key.name = "renamed";
  key.last_used_at = at(5);
  EXPECT_EQ(test_seal().of(key, 1), before);
}

// What a version from before there were owners wrote. Were it another now, every key would be lost.
TEST(Seal, AKeyWithoutAnOwnerIsSealedAsItWasBeforeThereWereOwners) {
  auto key = sample();
  key.created_at = at(0);
  std::string text;
  for (unsigned char byte : test_seal().of(key, 1)) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  EXPECT_EQ(text, "ab08e2945ebf50b5fcbc22f85577330301f6c4aae25c399ec63d4d396e5e17a5");
}

TEST(Seal, ItIsThatOfItsVersionOfThePepper) {
  Pepper first{1, Secret(std::string(32, 'a'))}, second{2, Secret(std::string(32, 'b'))};
  Seal both({second, first}), old({first});
  auto key = sample();
  EXPECT_EQ(both.current_version(), 2);
  EXPECT_EQ(both.of(key, 1), old.of(key, 1));
  EXPECT_NE(both.of(key, 2), both.of(key, 1));
  EXPECT_TRUE(both.fits(key, 1, old.of(key, 1)));
  EXPECT_FALSE(both.fits(key, 2, old.of(key, 1)));
  EXPECT_FALSE(old.fits(key, 2, both.of(key, 2))) << "a version that it does not know";
  EXPECT_FALSE(old.fits(key, 1, {})) << "no seal at all";
  EXPECT_THROW(old.of(key, 2), Broken);
  EXPECT_FALSE(old.fits(both.head(3, {})));
  EXPECT_TRUE(both.fits(old.head(3, {})));
}

TEST(Seal, KeysRecordsAndHeadsHaveSealsOfTheirOwn) {
  Seal seal = test_seal();
  domain::AuditHash before{};
  std::set<crypto::Digest> all{seal.of(sample(), 1), seal.head(1, before).mac};
  auto entry = make_entry();
  all.insert(seal.of(before, 1, entry, 1));
  all.insert(seal.of(before, 2, entry, 1));
  before[0] = 1;
  all.insert(seal.of(before, 1, entry, 1));
  entry.actor += entry.event[0];
  all.insert(seal.of(before, 1, entry, 1));
  std::swap(entry.subject, entry.request);
  entry.subject = "x";
  all.insert(seal.of(before, 1, entry, 1));
  std::swap(entry.subject, entry.request);
  all.insert(seal.of(before, 1, entry, 1));
  EXPECT_EQ(all.size(), 8u);
}

}  // namespace
}  // namespace keystead::store
