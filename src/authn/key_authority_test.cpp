// Keys from making to ending, and what the audit log says of it.
#include "authn/key_authority.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;

class Authority : public testing::Test, protected TestInstallation {
 protected:
  template <class T>
  static std::string text_of(Result<T> const& result) {
    return result ? "done" : result.error().public_text;
  }
  template <class T>
  static Code code_of(Result<T> const& result) {
    return result ? Code::internal : result.error().code;
  }
};

TEST_F(Authority, WrongWishesAreRefused) {
  auto wish = [&](auto change) {
    NewKey key = wanted({"read"});
    change(key);
    return text_of(authority->create(key, {}));
  };
  EXPECT_EQ(wish([](NewKey&) {}), "done");
  EXPECT_EQ(wish([](NewKey& key) { key.scopes = {}; }), "a key needs at least one scope");
  EXPECT_EQ(wish([](NewKey& key) { key.scopes = {"root"}; }), "unknown scope \"root\"");
  constexpr auto kName = "a name has 1 to 200 bytes of printable text";
  EXPECT_EQ(wish([](NewKey& key) { key.name = ""; }), kName);
  EXPECT_EQ(wish([](NewKey& key) { key.name = "a\r\nb"; }), kName) << "attack 112";
  EXPECT_EQ(wish([](NewKey& key) { key.name = "\xff"; }), kName);
  EXPECT_EQ(wish([](NewKey& key) { key.name = std::string(201, 'a'); }), kName);
  EXPECT_EQ(
      wish([&](NewKey& key) { key.expires_at = clock.now(); }), "the expiry lies in the past"
  );
  EXPECT_EQ(wish([](NewKey& key) { key.environment = "live"; }), "these keys have no environments");
  EXPECT_EQ(
      wish([](NewKey& key) { key.kind = "staged"; }), "environment must be one of: live, test"
  );
  EXPECT_EQ(
      wish([](NewKey& key) { key.kind = "root"; }), "kind must be one of: tenant, staged, platform"
  );
  EXPECT_EQ(
      wish([](NewKey& key) { key.kind = "platform"; }),
      "a key of kind \"platform\" is bound to no tenant"
  );
  EXPECT_EQ(
      wish([](NewKey& key) { key.tenant.reset(); }), "a key of kind \"tenant\" needs a tenant"
  );
  NewKey stranger = wanted();
  stranger.tenant = domain::TenantId::mint(random);
  EXPECT_EQ(code_of(authority->create(stranger, {})), Code::not_found);
}

TEST_F(Authority, WithoutScopesInTheConfigurationAKeyNeedsNone) {
  scopes = domain::ScopeCatalog::make({}).value();
  start();
  EXPECT_TRUE(accepts(create(wanted({})).key));
}

TEST_F(Authority, TheQuotaOfATenantHoldsUnder64CreationsAtOnce) {
  active_max = 10;
  start();
  std::atomic<int> made{0};
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] {
        auto created = authority->create(wanted(), {});
        if (created) ++made;
        if (!created && created.error().code == Code::too_many_requests) ++refused;
      });
    }
  }
  EXPECT_EQ(made, 10);
  EXPECT_EQ(refused, 54);
  EXPECT_TRUE(authority->create({.kind = "platform", .name = "ops", .scopes = {"read"}}, {}));
}

TEST_F(Authority, RotationKeepsTheOldKeyForTheOverlapOnly) {
  auto terms = wanted();
  terms.kind = "staged";
  terms.environment = "test";
  terms.expires_at = clock.now() + 1h;
  terms.addresses = {domain::AddressRange::parse("192.0.2.0/24").value()};
  auto old_key = create(terms);
  auto child = authority->narrow(old_key.record.id, {.name = "child"}, {}).value();
  auto successor = authority->rotate(old_key.record.id, 60s, {});
  ASSERT_TRUE(successor);
  EXPECT_EQ(successor->record.scopes, old_key.record.scopes);
  EXPECT_EQ(successor->record.environment, "test");
  EXPECT_EQ(successor->record.kind, "staged");
  EXPECT_EQ(successor->record.expires_at, terms.expires_at);
  EXPECT_EQ(successor->record.restriction.addresses, terms.addresses);
  for (auto const* key : {&old_key.key, &child.key, &successor->key}) EXPECT_TRUE(accepts(*key));
  clock.advance(60s);
  EXPECT_FALSE(accepts(old_key.key));
  EXPECT_FALSE(accepts(child.key));
  EXPECT_TRUE(accepts(successor->key));
  EXPECT_EQ(code_of(authority->rotate(old_key.record.id, 60s, {})), Code::conflict);
  EXPECT_EQ(code_of(authority->rotate(domain::KeyId::mint(random), 60s, {})), Code::not_found);
  EXPECT_EQ(code_of(authority->rotate(successor->record.id, -1s, {})), Code::invalid_request);
  EXPECT_EQ(
      code_of(authority->rotate(successor->record.id, std::chrono::seconds::max(), {})),
      Code::invalid_request
  );
}

TEST_F(Authority, ANarrowedKeyIsNotRotated) {
  auto child = authority->narrow(create().record.id, {.name = "child"}, {}).value();
  EXPECT_EQ(code_of(authority->rotate(child.record.id, 60s, {})), Code::conflict);
}

TEST_F(Authority, ARenamedKeyIsTheSameKey) {
  auto created = create();
  auto renamed = authority->rename(created.record.id, "new name", {});
  ASSERT_TRUE(renamed);
  EXPECT_EQ(renamed->name, "new name");
  EXPECT_TRUE(accepts(created.key));
  EXPECT_EQ(code_of(authority->rename(created.record.id, "a\nb", {})), Code::invalid_request);
  EXPECT_EQ(code_of(authority->rename(domain::KeyId::mint(random), "n", {})), Code::not_found);
}

TEST_F(Authority, AKeyIsFoundByItsText) {
  auto created = create();
  auto found = authority->find(created.key.reveal());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, created.record.id);
  authority->revoke(created.record.id, {}).value();
  EXPECT_TRUE(authority->find(created.key.reveal())->revoked_at);
  EXPECT_FALSE(authority->find("ks_unknown"));
  EXPECT_FALSE(authority->find(""));
}

TEST_F(Authority, EveryActIsInTheLogWithItsActorAndWithoutTheKey) {
  auto ancestor = domain::KeyId::mint(random);
  Actor actor{.name = "key:x", .request = "r1", .ancestors = {ancestor}};
  auto terms = wanted();
  terms.expires_at = parse_time("2030-01-01T00:00:00Z");
  auto created = authority->create(terms, actor).value();
  auto subject = "key:" + created.record.id.text();
  auto entry = last_entry();
  EXPECT_EQ(entry.event, "key.create");
  EXPECT_EQ(entry.kind, domain::AuditKind::act);
  EXPECT_EQ(entry.actor, "key:x");
  EXPECT_EQ(entry.request, "r1");
  EXPECT_EQ(entry.tenant, tenant);
  EXPECT_EQ(entry.subject, subject);
  EXPECT_EQ(entry.at, clock.now());
  auto actor_ancestors = ",\"actor_ancestors\":[\"" + ancestor.text() + "\"]}";
  std::string terms_text =
      R"("kind":"tenant","scopes":["write"],"expires_at":"2030-01-01T00:00:00Z")";
  EXPECT_EQ(entry.detail, R"({"name":"k",)" + terms_text + actor_ancestors);
  EXPECT_EQ(created.record.created_by, "key:x");

  ASSERT_TRUE(authority->rename(created.record.id, "new \"name\"", {}));
  entry = last_entry();
  EXPECT_EQ(
      entry.event + " " + entry.actor + " " + entry.subject, "key.rename operator " + subject
  );
  EXPECT_EQ(entry.detail, R"({"name":"new \"name\"",)" + terms_text + R"(,"former_name":"k"})");

  auto child = authority
                   ->narrow(
                       created.record.id,
                       {.name = "child", .tools = {"a"}, .arguments = {{"status", {"1"}}}},
                       {}
                   )
                   .value();
  entry = last_entry();
  EXPECT_EQ(entry.event + " " + entry.subject, "key.narrow key:" + child.record.id.text());
  EXPECT_EQ(
      entry.detail,
      R"({"name":"child",)" + terms_text +
          R"(,"tools":["a"],"arguments":["status"],"ancestors":[")" + created.record.id.text() +
          "\"]}"
  );

  auto successor = authority->rotate(created.record.id, 60s, {}).value();
  entry = last_entry();
  EXPECT_EQ(entry.event + " " + entry.subject, "key.rotate " + subject);
  EXPECT_TRUE(entry.detail.ends_with(R"(,"successor":")" + successor.record.id.text() + "\"}"));

  ASSERT_TRUE(authority->revoke(created.record.id, {}, "key.leaked"));
  entry = last_entry();
  EXPECT_EQ(entry.event + " " + entry.subject, "key.leaked " + subject);

  ASSERT_TRUE(authority->remove_tenant(tenant, {}));
  entry = last_entry();
  EXPECT_EQ(entry.event + " " + entry.subject, "tenant.delete tenant:" + tenant.text());
  EXPECT_EQ(entry.detail, R"({"name":"Harbor"})");

  for (auto const& record : store->read_audit(0, 1000)) {
    for (auto const* key : {&created, &child, &successor}) {
      EXPECT_FALSE(record.entry.detail.contains(key->key.reveal().substr(8)));
    }
  }
}

TEST_F(Authority, ARefusedActIsNotInTheLog) {
  auto before = store->read_audit(0, 1000).size();
  EXPECT_FALSE(authority->create(wanted({"root"}), {}));
  EXPECT_FALSE(authority->revoke(domain::KeyId::mint(random), {}));
  EXPECT_EQ(store->read_audit(0, 1000).size(), before);
}

}  // namespace
}  // namespace keystead::authn
