// Keys that were made elsewhere, of which only a hash is known.
#include <gtest/gtest.h>

#include "authn/test_installation.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;
using Import = KeyAuthority::Import;

class Imports : public testing::Test, protected TestInstallation {
 protected:
  Secret mint(std::size_t kind = 0, std::string_view environment = {}) {
    return kinds.all()[kind].format.mint(random, environment).value().key;
  }
  ImportedKey as_sha256(Secret const& key) {
    return {.terms = wanted(), .prefix = "ks_ab12", .hash = crypto::sha256(key.reveal())};
  }
  ImportedKey as_ours(Secret const& key, int version) {
    return {
        .terms = wanted(),
        .prefix = "ks_ab12",
        .hash = digester.digest(key.reveal(), version),
        .form = domain::DigestForm::of_key,
        .pepper_version = version,
    };
  }
  std::string import(ImportedKey const& key, Import how = Import::real) {
    auto imported = authority->import(key, how, {});
    return imported ? "done" : imported.error().public_text;
  }
  domain::ApiKey stored() { return store->list_keys(std::nullopt).front(); }
};

TEST_F(Imports, AKeyKnownByItsSha256IsAcceptedAndKeptAsOursFromThenOn) {
  auto key = mint();
  EXPECT_FALSE(accepts(key));
  ASSERT_EQ(import(as_sha256(key)), "done");
  EXPECT_EQ(stored().digest_form, domain::DigestForm::of_sha256);
  EXPECT_NE(stored().digest, crypto::sha256(key.reveal())) << "the hash itself is not kept";
  EXPECT_EQ(stored().prefix, "ks_ab12");
  EXPECT_EQ(stored().created_by, "import");
  EXPECT_EQ(last_entry().event, "key.import");

  EXPECT_TRUE(accepts(key)) << "although it was tried before it was known";
  EXPECT_EQ(stored().digest_form, domain::DigestForm::of_key);
  EXPECT_EQ(stored().digest, digester.digest(key.reveal(), 2));
  for (int round = 0; round < 2; ++round) {
    auto principal = ask(key.reveal());
    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->key(), stored().id);
    EXPECT_EQ(principal->tenant(), tenant);
    start();
  }
  authority->revoke(stored().id, {}).value();
  EXPECT_FALSE(accepts(key));
}

TEST_F(Imports, AKeyInOurOwnFormIsAcceptedUnderEveryPepperThatThereIs) {
  for (int version : {1, 2}) {
    auto key = mint();
    ASSERT_EQ(import(as_ours(key, version)), "done");
    EXPECT_TRUE(accepts(key));
    EXPECT_EQ(stored().pepper_version, version);
  }
  EXPECT_EQ(import(as_ours(mint(), 1)), "done");
  auto unknown = as_ours(mint(), 1);
  unknown.pepper_version = 3;
  EXPECT_EQ(import(unknown), "there is no pepper of version 3");
}

TEST_F(Imports, Attack9WhatWasRevokedBeforeItsFirstUseStaysRevoked) {
  auto key = mint();
  ASSERT_EQ(import(as_sha256(key)), "done");
  authority->revoke(stored().id, {}).value();
  EXPECT_FALSE(accepts(key));
  EXPECT_EQ(stored().digest_form, domain::DigestForm::of_sha256);
  start();
  EXPECT_FALSE(accepts(key));
}

TEST_F(Imports, Attack9WhatWasRevokedIsNotBroughtBackByAnotherImport) {
  auto key = mint();
  ASSERT_EQ(import(as_sha256(key)), "done");
  EXPECT_TRUE(accepts(key));
  authority->revoke(stored().id, {}).value();
  import(as_sha256(key));
  EXPECT_FALSE(accepts(key));
  start();
  EXPECT_FALSE(accepts(key));
}

TEST_F(Imports, Attack9AnotherImportUnderANewPepperBringsNothingBackEither) {
  KeyDigester older{std::vector<store::Pepper>{{1, Secret(std::string(32, 'a'))}}};
  KeyAuthority before(*rules, older, *store, *ring, clock, random);
  Authenticator check_before(*rules, older, *store, *ring, clock);
  auto key = mint();
  auto record = before.import(as_sha256(key), Import::real, {}).value();
  EXPECT_TRUE(check_before.authenticate(PresentedKey{key.reveal()}, ""));
  start();
  EXPECT_TRUE(accepts(key));
  authority->revoke(record.id, {}).value();
  ASSERT_EQ(import(as_sha256(key)), "done");
  EXPECT_FALSE(accepts(key));
}

TEST_F(Imports, AnExpiredOneIsRefused) {
  auto key = mint();
  auto imported = as_sha256(key);
  imported.terms.expires_at = clock.now() + 1s;
  ASSERT_EQ(import(imported), "done");
  clock.advance(1s);
  EXPECT_FALSE(accepts(key));
}

TEST_F(Imports, Attack2ARecordDoesNotChangeTheKindOrTheEnvironmentOfAKey) {
  auto of_test = mint(1, "test");
  auto as_live = as_sha256(of_test);
  as_live.terms.kind = "staged";
  as_live.terms.environment = "live";
  ASSERT_EQ(import(as_live), "done");
  EXPECT_FALSE(accepts(of_test));

  auto of_platform = mint(2);
  ASSERT_EQ(import(as_sha256(of_platform)), "done") << "the hash does not tell";
  EXPECT_FALSE(accepts(of_platform));
}

TEST_F(Imports, TheHashIsNoKey) {
  auto key = mint();
  ASSERT_EQ(import(as_sha256(key)), "done");
  auto hash = crypto::sha256(key.reveal());
  EXPECT_FALSE(ask({reinterpret_cast<char const*>(hash.data()), hash.size()}));
  EXPECT_FALSE(ask("sha256:" + std::string(reinterpret_cast<char const*>(hash.data()), 32)));
}

TEST_F(Imports, ADryRunSaysTheSameAndWritesNothing) {
  active_max = 2;
  start();
  auto key = mint();
  auto both = [&](ImportedKey const& imported) {
    auto records = store->read_audit(0, 1000).size();
    auto keys = store->list_keys(std::nullopt).size();
    auto dry = import(imported, Import::dry_run);
    EXPECT_EQ(store->read_audit(0, 1000).size(), records);
    EXPECT_EQ(store->list_keys(std::nullopt).size(), keys);
    EXPECT_EQ(dry == "done", import(imported) == "done") << dry;
    return dry;
  };
  EXPECT_EQ(both(as_sha256(key)), "done");
  EXPECT_EQ(both(as_sha256(key)), "the key is there already");
  auto wish = [&](auto change) {
    auto imported = as_sha256(mint());
    change(imported);
    return both(imported);
  };
  EXPECT_EQ(wish([](ImportedKey& k) { k.terms.scopes = {"root"}; }), "unknown scope \"root\"");
  EXPECT_EQ(
      wish([&](ImportedKey& k) { k.terms.expires_at = clock.now(); }), "the expiry lies in the past"
  );
  EXPECT_NE(wish([&](ImportedKey& k) { k.terms.tenant = domain::TenantId::mint(random); }), "done");
  constexpr auto kPrefix = "a prefix has at most 24 printable characters";
  EXPECT_EQ(wish([](ImportedKey& k) { k.prefix = std::string(25, 'a'); }), kPrefix);
  EXPECT_EQ(wish([](ImportedKey& k) { k.prefix = "ks_\n"; }), kPrefix);
  EXPECT_EQ(wish([](ImportedKey& k) { k.prefix = ""; }), "done");
  EXPECT_EQ(stored().prefix, "ks_");
  EXPECT_NE(wish([](ImportedKey&) {}), "done") << "the tenant has as many as it may";
}

TEST_F(Imports, AnImportedKeyIsFoundByItsTextInEitherForm) {
  auto key = mint();
  ASSERT_EQ(import(as_sha256(key)), "done");
  EXPECT_EQ(authority->find(key.reveal())->id, stored().id);
  EXPECT_TRUE(accepts(key));
  EXPECT_EQ(authority->find(key.reveal())->id, stored().id);
}

TEST_F(Imports, TheRingIsFilledWithoutThoseThatWereNeverUsed) {
  auto key = mint();
  ASSERT_EQ(import(as_sha256(key)), "done");
  start();
  EXPECT_EQ(authority->fill_ring(), 0u);
  EXPECT_TRUE(accepts(key));
  start();
  EXPECT_EQ(authority->fill_ring(), 1u);
}

}  // namespace
}  // namespace keystead::authn
