// Everything that makes and checks keys, on the real store, for the tests of this room.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "authn/authenticator.hpp"
#include "authn/key_authority.hpp"
#include "store/sqlite/sqlite_control_store.hpp"

namespace keystead::authn {

class SteeredClock final : public Clock {
 public:
  Time now() const override { return Time{std::chrono::milliseconds{milliseconds_.load()}}; }
  void advance(std::chrono::milliseconds by) { milliseconds_ += by.count(); }

 private:
  std::atomic<std::int64_t> milliseconds_{1'800'000'000'000};
};

// Three kinds of keys: those of a tenant, those of a tenant in an environment, and those of none.
class TestInstallation {
 public:
  TestInstallation() {
    store->seal_with(store::Seal(peppers));
    for (auto const& id : {tenant, other_tenant}) {
      domain::Tenant added;
      added.id = id;
      added.name = "Harbor";
      added.slug = id.text();
      added.created_at = clock.now();
      store->add_tenant(added, {}).value();
    }
    start();
  }
  ~TestInstallation() {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  TestInstallation(TestInstallation const&) = delete;
  TestInstallation& operator=(TestInstallation const&) = delete;

  // As after a restart: nothing in memory. Takes up changes of the members above.
  void start() {
    authority.reset();
    authenticator.reset();
    ring = std::make_unique<Ring>(Ring::Options{});
    rules.emplace(
        KeyRules{
            .kinds = kinds,
            .scopes = scopes,
            .scopeless_is_full = scopeless_is_full,
            .active_max = active_max,
        }
    );
    authority.emplace(*rules, digester, *store, *ring, clock, random);
    authenticator.emplace(*rules, digester, *store, *ring, clock);
  }

  NewKey wanted(std::vector<std::string> names = {"write"}) const {
    return {.tenant = tenant, .name = "k", .scopes = std::move(names)};
  }
  CreatedKey create(NewKey const& key) { return authority->create(key, {}).value(); }
  CreatedKey create() { return create(wanted()); }

  Result<domain::Principal> ask(std::string_view key, std::string_view address = "192.0.2.1") {
    return authenticator->authenticate(PresentedKey{key}, address);
  }
  bool accepts(Secret const& key) { return ask(key.reveal()).has_value(); }
  domain::Principal principal_of(CreatedKey const& key) { return ask(key.key.reveal()).value(); }

  // The newest entry of the audit log.
  domain::AuditEntry last_entry() {
    domain::AuditEntry entry;
    for (std::uint64_t after = 0;;) {
      auto records = store->read_audit(after, 100);
      if (records.empty()) return entry;
      entry = records.back().entry;
      after = records.back().sequence;
    }
  }

  static std::filesystem::path make_folder() {
    std::string name = testing::TempDir() + "keystead-authn-XXXXXX";
    return ::mkdtemp(name.data());
  }
  static domain::KeyKind kind(std::string name, std::string_view grammar, bool tenant_bound) {
    return {std::move(name), domain::KeyFormat::parse(grammar).value(), tenant_bound};
  }

  bool scopeless_is_full = false;
  std::optional<std::size_t> active_max;
  domain::KeyKinds kinds =
      domain::KeyKinds::make({kind("tenant", "ks_{secret:40}{crc}", true),
                              kind("staged", "nk_{env:live|test}_{id:8}_{secret:32}", true),
                              kind("platform", "kp_{secret:40}", false)})
          .value();
  domain::ScopeCatalog scopes = domain::ScopeCatalog::make(
                                    {{"read", "", {}}, {"write", "", {"read"}}, {"admin", "", {}}}
  ).value();

  SteeredClock clock;
  SystemRandom random;
  std::vector<store::Pepper> peppers{
      {2, Secret(std::string(32, 'b'))}, {1, Secret(std::string(32, 'a'))}
  };
  KeyDigester digester{peppers};
  domain::TenantId tenant = domain::TenantId::mint(random);
  domain::TenantId other_tenant = domain::TenantId::mint(random);
  std::filesystem::path folder = make_folder();
  std::unique_ptr<store::ControlStore> store = store::open_sqlite(folder);
  std::unique_ptr<Ring> ring;
  std::optional<KeyRules> rules;
  std::optional<KeyAuthority> authority;
  std::optional<Authenticator> authenticator;
};

}  // namespace keystead::authn
