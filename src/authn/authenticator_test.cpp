// Which keys are accepted, on the real store.
#include "authn/authenticator.hpp"

#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;

class Keys : public testing::Test, protected TestInstallation {
 protected:
  std::string refusal_of(std::string_view key, std::string_view address = "192.0.2.1") {
    auto principal = ask(key, address);
    if (principal) return "accepted";
    return principal.error().code == Code::forbidden ? "forbidden" : "unauthorized";
  }
};

TEST_F(Keys, AKeyProvesItsTenantAndItsScopes) {
  auto created = create();
  for (int round = 0; round < 2; ++round) {
    auto principal = ask(created.key.reveal());
    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->tenant(), tenant);
    EXPECT_EQ(principal->key(), created.record.id);
    EXPECT_EQ(scopes.names(principal->scopes()), (std::vector<std::string>{"read", "write"}));
    EXPECT_EQ(principal->expires_at(), Time::max());
    EXPECT_FALSE(principal->restriction());
    start();
  }
}

TEST_F(Keys, AKeyProvesItsKindAndItsEnvironment) {
  auto live = wanted();
  live.kind = "staged";
  live.environment = "live";
  auto test = live;
  test.environment = "test";
  NewKey platform{.kind = "platform", .name = "ops", .scopes = {"admin"}};
  struct Case {
    NewKey wanted;
    std::uint8_t kind, environment;
  };
  for (Case const& each : {Case{live, 1, 0}, Case{test, 1, 1}, Case{platform, 2, 0}}) {
    auto created = create(each.wanted);
    auto principal = principal_of(created);
    EXPECT_EQ(principal.kind(), each.kind);
    EXPECT_EQ(principal.environment(), each.environment);
    EXPECT_EQ(principal.tenant(), each.wanted.tenant);
  }
}

TEST_F(Keys, Attack1UnknownExpiredRevokedAndMalformedAreOneAnswer) {
  auto soon = wanted();
  soon.expires_at = clock.now() + 1s;
  auto expiring = create(soon);
  auto revoked = create();
  authority->revoke(revoked.record.id, {}).value();
  clock.advance(1s);
  std::string unknown(kinds.all()[0].format.mint(random)->key.reveal());
  std::set<std::string> answers;
  for (std::string_view text :
       {std::string_view(unknown),
        expiring.key.reveal(),
        revoked.key.reveal(),
        std::string_view("x"),
        std::string_view()}) {
    auto principal = ask(text);
    ASSERT_FALSE(principal);
    EXPECT_EQ(principal.error().code, Code::unauthorized);
    answers.insert(principal.error().public_text + "|" + principal.error().private_detail);
  }
  EXPECT_EQ(answers.size(), 1u);
}

TEST_F(Keys, Attack14ExpiryIsHonouredToTheMillisecondInMemoryAndFromTheStore) {
  auto soon = wanted();
  soon.expires_at = clock.now() + 10s;
  auto created = create(soon);
  clock.advance(9'999ms);
  EXPECT_TRUE(accepts(created.key));
  clock.advance(1ms);
  EXPECT_FALSE(accepts(created.key));
  start();
  EXPECT_FALSE(accepts(created.key));
}

TEST_F(Keys, WhatWasSeenBeforeIsAnsweredFromMemory) {
  auto created = create();
  PresentedKey key{created.key.reveal()};
  EXPECT_FALSE(authenticator->authenticate_from_memory(key, "192.0.2.1")) << "never seen";
  EXPECT_TRUE(accepts(created.key));
  auto answer = authenticator->authenticate_from_memory(key, "192.0.2.1");
  ASSERT_TRUE(answer);
  EXPECT_EQ((*answer)->key(), created.record.id);
  start();
  EXPECT_EQ(authority->fill_ring(), 1u);
  EXPECT_TRUE(authenticator->authenticate_from_memory(key, "192.0.2.1"));
}

TEST_F(Keys, AKeyIsHeldToItsAddresses) {
  auto held = wanted();
  held.addresses = {
      domain::AddressRange::parse("203.0.113.0/24").value(),
      domain::AddressRange::parse("2001:db8::1").value()
  };
  auto created = create(held);
  for (int round = 0; round < 2; ++round) {
    auto key = created.key.reveal();
    EXPECT_EQ(refusal_of(key, "203.0.113.77"), "accepted");
    EXPECT_EQ(refusal_of(key, "2001:db8::1"), "accepted");
    EXPECT_EQ(refusal_of(key, "::ffff:203.0.113.77"), "accepted") << "as a dual-stack socket says";
    for (auto address : {"203.0.114.1", "2001:db8::2", "", "x", "203.0.113.77:80"}) {
      EXPECT_EQ(refusal_of(key, address), "forbidden") << address;
      auto from_memory = authenticator->authenticate_from_memory(PresentedKey{key}, address);
      ASSERT_TRUE(from_memory);
      EXPECT_FALSE(*from_memory);
    }
    start();
  }
  clock.advance(1s);
  authority->revoke(created.record.id, {}).value();
  EXPECT_EQ(refusal_of(created.key.reveal(), "203.0.114.1"), "unauthorized")
      << "a stranger learns nothing of a key that is dead";
}

TEST_F(Keys, WhatTheConfigurationKnowsNoMoreIsRefused) {
  auto staged = wanted();
  staged.kind = "staged";
  staged.environment = "test";
  auto of_environment = create(staged);
  auto platform = create({.kind = "platform", .name = "ops", .scopes = {"admin"}});
  auto plain = create();
  kinds = domain::KeyKinds::make({kind("tenant", "ks_{secret:40}{crc}", true),
                                  kind("staged", "nk_{env:live|demo}_{id:8}_{secret:32}", true),
                                  kind("platform", "kp_{secret:40}", true)})
              .value();
  start();
  EXPECT_EQ(authority->fill_ring(), 1u);
  EXPECT_FALSE(accepts(of_environment.key));
  EXPECT_FALSE(accepts(platform.key)) << "its kind is bound to a tenant now, and it has none";
  EXPECT_TRUE(accepts(plain.key));
  kinds = domain::KeyKinds::make({kind("other", "ks_{secret:40}{crc}", true)}).value();
  start();
  EXPECT_FALSE(accepts(plain.key));
}

TEST_F(Keys, NoScopesAreAllScopesWhereTheConfigurationSaysSo) {
  auto all = std::vector<std::string>{"read", "write", "admin"};
  scopeless_is_full = true;
  start();
  auto full = create(wanted({}));
  EXPECT_EQ(scopes.names(principal_of(full).scopes()), all);
  auto named = create(wanted({"admin"}));

  scopes = domain::ScopeCatalog::make({{"read", "", {}}, {"audit", "", {}}}).value();
  start();
  EXPECT_EQ(scopes.names(principal_of(full).scopes()), (std::vector<std::string>{"read", "audit"}));
  EXPECT_TRUE(principal_of(named).scopes().empty())
      << "a key whose scopes are gone has none, not all";

  scopeless_is_full = false;
  start();
  EXPECT_TRUE(principal_of(full).scopes().empty());
}

TEST_F(Keys, AKeyOfAnOlderPepperGoesOn) {
  KeyDigester older{std::vector<store::Pepper>{{1, Secret(std::string(32, 'a'))}}};
  KeyAuthority before(*rules, older, *store, *ring, clock, random);
  auto created = before.create(wanted(), {}).value();
  EXPECT_TRUE(accepts(created.key));
  start();
  EXPECT_TRUE(accepts(created.key));
  EXPECT_EQ(create().record.pepper_version, 2);
}

TEST_F(Keys, Attack9ARevokedKeyIsRefusedAtOnceAndAfterARestart) {
  auto created = create();
  EXPECT_TRUE(accepts(created.key));
  authority->revoke(created.record.id, {}).value();
  EXPECT_FALSE(accepts(created.key));
  authority->revoke(created.record.id, {}).value();
  start();
  EXPECT_FALSE(accepts(created.key));
  EXPECT_EQ(authority->fill_ring(), 0u);
}

TEST_F(Keys, Attack9ADeletedTenantTakesItsKeysAlong) {
  auto created = create();
  EXPECT_TRUE(accepts(created.key));
  ASSERT_TRUE(authority->remove_tenant(tenant, {}));
  EXPECT_FALSE(accepts(created.key));
  EXPECT_EQ(authority->remove_tenant(tenant, {}).error().code, Code::not_found);
}

// Hammers `key` with 64 threads, ends it by `end` meanwhile, and counts what was accepted by a
// check that began after the end was acknowledged.
class Hammer : public Keys {
 protected:
  template <class End>
  int count_late(Secret const& key, domain::KeyDigest const& digest, End const& end) {
    std::atomic<bool> acknowledged{false};
    std::atomic<bool> stop{false};
    std::atomic<int> late{0};
    std::atomic<int> accepted{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] {
        while (!stop) {
          bool after = acknowledged;
          if (!accepts(key)) continue;
          ++accepted;
          if (after) ++late;
        }
      });
    }
    while (accepted < 100) std::this_thread::yield();
    ring->forget(digest);  // so that loads are under way as well
    end();
    acknowledged = true;
    std::this_thread::sleep_for(10ms);
    stop = true;
    threads.clear();
    return late;
  }
};

TEST_F(Hammer, Attack9NoAcceptanceAfterTheAcknowledgementUnder64Threads) {
  for (int round = 0; round < 5; ++round) {
    auto created = create();
    auto end = [&] { authority->revoke(created.record.id, {}).value(); };
    ASSERT_EQ(count_late(created.key, created.record.digest, end), 0);
  }
}

TEST_F(Hammer, Attack9AChildIsRefusedWhenTheRevocationOfItsParentIsAcknowledged) {
  for (int round = 0; round < 5; ++round) {
    auto parent = create();
    auto child = authority->narrow(parent.record.id, {.name = "child"}, {}).value();
    auto grandchild = authority->narrow(child.record.id, {.name = "grandchild"}, {}).value();
    auto end = [&] { authority->revoke(parent.record.id, {}).value(); };
    ASSERT_EQ(count_late(grandchild.key, grandchild.record.digest, end), 0);
    EXPECT_FALSE(accepts(child.key));
    EXPECT_FALSE(accepts(parent.key));
  }
}

TEST_F(Hammer, Attack9AnImportedKeyIsRefusedWhenItsRevocationIsAcknowledged) {
  for (int round = 0; round < 3; ++round) {
    auto minted = kinds.all()[0].format.mint(random).value();
    ImportedKey imported{
        .terms = wanted(), .prefix = {}, .hash = crypto::sha256(minted.key.reveal())
    };
    auto record = authority->import(imported, KeyAuthority::Import::real, {}).value();
    auto digest = digester.digest(minted.key.reveal(), digester.current_version());
    auto end = [&] { authority->revoke(record.id, {}).value(); };
    ASSERT_EQ(count_late(minted.key, digest, end), 0);
  }
}

}  // namespace
}  // namespace keystead::authn
