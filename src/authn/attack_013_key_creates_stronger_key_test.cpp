// Attack 13: a key makes a key. Whatever it asks for, it gets no more than it has.
#include <gtest/gtest.h>

#include "authn/test_installation.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;

domain::AddressRange range(std::string_view text) {
  return domain::AddressRange::parse(text).value();
}

class Attack13 : public testing::Test, protected TestInstallation {
 protected:
  template <class T>
  static std::string text_of(Result<T> const& result) {
    if (result) return "made";
    std::string code = result.error().code == Code::forbidden ? "forbidden: " : "";
    return code + result.error().public_text;
  }
  // What becomes of a wish of whoever holds `maker`: of the key's own terms, changed so.
  template <class Change>
  std::string create_as(CreatedKey const& maker, Change const& change) {
    auto const& own = maker.record;
    NewKey wish{
        .kind = own.kind,
        .tenant = own.tenant,
        .name = "child",
        .scopes = own.scopes,
        .expires_at = own.expires_at,
        .environment = own.environment,
        .addresses = own.restriction.addresses,
    };
    change(wish);
    return text_of(authority->create_as(principal_of(maker), wish, {}));
  }
  std::string narrow(CreatedKey const& parent, Narrowing wish) {
    wish.name = "child";
    return text_of(authority->narrow(parent.record.id, wish, {}));
  }
  std::size_t key_count() { return store->list_keys(std::nullopt).size(); }
};

constexpr auto kSame = [](NewKey&) {};

TEST_F(Attack13, NoMoreScopes) {
  auto writer = create(wanted({"write"}));
  EXPECT_EQ(create_as(writer, kSame), "made");
  EXPECT_EQ(create_as(writer, [](NewKey& key) { key.scopes = {"read"}; }), "made") << "implied";
  EXPECT_EQ(
      create_as(writer, [](NewKey& key) { key.scopes = {"read", "admin"}; }),
      "forbidden: a key cannot give the scope \"admin\", which it does not have"
  );
  auto reader = create(wanted({"read"}));
  EXPECT_EQ(
      create_as(reader, [](NewKey& key) { key.scopes = {"write"}; }),
      "forbidden: a key cannot give the scope \"write\", which it does not have"
  ) << "what it has is implied by what it wants, not the other way";
  EXPECT_EQ(
      narrow(reader, {.scopes = {{"write"}}}),
      "forbidden: a key cannot give the scope \"write\", which it does not have"
  );
  EXPECT_EQ(narrow(writer, {.scopes = {{"read"}}}), "made");
  EXPECT_EQ(narrow(writer, {.scopes = {{"root"}}}), "unknown scope \"root\"");
  EXPECT_EQ(narrow(writer, {.scopes = {{}}}), "a key needs at least one scope");
}

TEST_F(Attack13, NoScopesAreNotMoreThanAll) {
  scopeless_is_full = true;
  start();
  auto full = create(wanted({}));
  auto named = create(wanted({"read", "write", "admin"}));
  constexpr auto kRefused = "forbidden: a key cannot give all scopes, which it does not have";
  auto ask_for_all = [](NewKey& key) { key.scopes = {}; };
  EXPECT_EQ(create_as(full, kSame), "made");
  EXPECT_EQ(create_as(create(wanted({"read"})), ask_for_all), kRefused);
  EXPECT_EQ(create_as(named, ask_for_all), kRefused) << "tomorrow there may be more of them";
  EXPECT_EQ(narrow(full, {.scopes = {{}}}), "made");
  EXPECT_EQ(narrow(named, {.scopes = {{}}}), kRefused);
  EXPECT_EQ(narrow(full, {.scopes = {{"read"}}}), "made");
}

TEST_F(Attack13, NoOtherTenant) {
  auto maker = create();
  constexpr auto kRefused = "forbidden: a key makes keys of its own tenant only";
  EXPECT_EQ(create_as(maker, [&](NewKey& key) { key.tenant = other_tenant; }), kRefused);
  auto platform = create({.kind = "platform", .name = "ops", .scopes = {"write"}});
  EXPECT_EQ(create_as(platform, kSame), "made");
  auto into_a_tenant = [&](NewKey& key) {
    key.kind = "tenant";
    key.tenant = tenant;
  };
  EXPECT_EQ(create_as(platform, into_a_tenant), kRefused);
  auto out_of_the_tenant = [&](NewKey& key) {
    key.kind = "platform";
    key.tenant.reset();
  };
  EXPECT_EQ(create_as(maker, out_of_the_tenant), kRefused);
}

TEST_F(Attack13, NoOtherKindAndNoOtherEnvironment) {
  auto staged = wanted();
  staged.kind = "staged";
  staged.environment = "test";
  auto maker = create(staged);
  EXPECT_EQ(create_as(maker, kSame), "made");
  EXPECT_EQ(
      create_as(maker, [](NewKey& key) { key.environment = "live"; }),
      "forbidden: a key makes keys of its own environment only"
  );
  auto other_kind = [](NewKey& key) {
    key.kind = "tenant";
    key.environment = "";
  };
  EXPECT_EQ(create_as(maker, other_kind), "forbidden: a key makes keys of its own kind only");
}

TEST_F(Attack13, NoLongerLife) {
  auto terms = wanted();
  terms.expires_at = clock.now() + 1h;
  auto maker = create(terms);
  auto until = [&](std::optional<Time> end) {
    return create_as(maker, [&](NewKey& key) { key.expires_at = end; });
  };
  constexpr auto kRefused = "forbidden: a key cannot make one that outlives it";
  EXPECT_EQ(until(clock.now() + 1h), "made");
  EXPECT_EQ(until(clock.now() + 1h + 1ms), kRefused);
  EXPECT_EQ(until({}), kRefused);
  EXPECT_EQ(narrow(maker, {.expires_at = clock.now() + 1h + 1ms}), kRefused);
  EXPECT_EQ(narrow(maker, {.expires_at = clock.now()}), "the expiry lies in the past");
  auto child = authority->narrow(maker.record.id, {.name = "child"}, {}).value();
  EXPECT_EQ(child.record.expires_at, maker.record.expires_at);

  auto before = principal_of(maker);
  auto successor = authority->rotate(maker.record.id, 60s, {});
  NewKey wish = terms;
  EXPECT_EQ(text_of(authority->create_as(before, wish, {})), kRefused)
      << "the end that it was given meanwhile counts";
}

TEST_F(Attack13, NoOtherAddresses) {
  auto terms = wanted();
  terms.addresses = {range("192.0.2.0/24"), range("2001:db8::/32")};
  auto maker = create(terms);
  auto from = [&](std::vector<domain::AddressRange> ranges) {
    return create_as(maker, [&](NewKey& key) { key.addresses = std::move(ranges); });
  };
  constexpr auto kRefused =
      "forbidden: a key cannot make one for addresses that it may not be used from itself";
  EXPECT_EQ(from({range("192.0.2.7")}), "made");
  EXPECT_EQ(from({range("2001:db8:1::/48"), range("192.0.2.128/25")}), "made");
  EXPECT_EQ(from({}), kRefused) << "none is anywhere";
  EXPECT_EQ(from({range("192.0.0.0/16")}), kRefused);
  EXPECT_EQ(from({range("0.0.0.0/0")}), kRefused);
  EXPECT_EQ(from({range("192.0.2.7"), range("198.51.100.1")}), kRefused);
  auto child = authority->narrow(maker.record.id, {.name = "child"}, {}).value();
  EXPECT_EQ(child.record.restriction.addresses, terms.addresses) << "a child has its parent's";
  EXPECT_FALSE(ask(child.key.reveal(), "198.51.100.1"));
}

TEST_F(Attack13, NoOtherTools) {
  auto maker = create();
  auto parent = authority->narrow(maker.record.id, {.name = "p", .tools = {"a", "b"}}, {}).value();
  EXPECT_EQ(narrow(parent, {.tools = {"b"}}), "made");
  EXPECT_EQ(
      narrow(parent, {.tools = {"b", "c"}}),
      "forbidden: a key cannot give the tool \"c\", which it does not have"
  );
  EXPECT_EQ(
      narrow(parent, {.tools = {"*"}}),
      "forbidden: a key cannot give the tool \"*\", which it does not have"
  );
  EXPECT_EQ(narrow(parent, {.tools = {""}}), "tools: a name is malformed");
  auto child = authority->narrow(parent.record.id, {.name = "child"}, {}).value();
  EXPECT_EQ(child.record.restriction.tools, parent.record.restriction.tools)
      << "none are its parent's, not all";
}

TEST_F(Attack13, NoOtherArguments) {
  auto maker = create();
  Narrowing wish{.name = "p", .arguments = {{"status", {"\"open\"", " 3 "}}}};
  auto parent = authority->narrow(maker.record.id, wish, {}).value();
  auto const& held = parent.record.restriction.arguments;
  ASSERT_EQ(held.size(), 1u);
  EXPECT_EQ(held[0].values, (std::vector<std::string>{"\"open\"", "3"}));

  auto of = [&](std::string name, std::vector<std::string> values) {
    return narrow(parent, {.arguments = {{std::move(name), std::move(values)}}});
  };
  EXPECT_EQ(of("status", {"\"\\u006fpen\""}), "made") << "the same value";
  EXPECT_EQ(
      of("status", {"\"open\"", "\"done\""}),
      "forbidden: a key cannot give a value of \"status\" that it may not use itself"
  );
  EXPECT_EQ(of("status", {}), "arguments: \"status\" needs 1 to 100 values");
  EXPECT_EQ(
      of("status", {"open"}),
      "arguments: a value of \"status\" is not JSON text of at most 1024 bytes"
  );
  auto child =
      authority->narrow(parent.record.id, {.name = "c", .arguments = {{"n", {"1"}}}}, {}).value();
  ASSERT_EQ(child.record.restriction.arguments.size(), 2u) << "its parent's limit stays";
  EXPECT_EQ(child.record.restriction.arguments[0].name, "status");
}

TEST_F(Attack13, ANarrowedKeyMakesNoKeyButANarrowerOne) {
  auto parent = create();
  auto child = authority->narrow(parent.record.id, {.name = "child"}, {}).value();
  EXPECT_EQ(create_as(child, kSame), "forbidden: a narrowed key makes no keys but narrower ones");
  EXPECT_EQ(narrow(child, {}), "made");
}

TEST_F(Attack13, AKeyThatHasEndedMakesNone) {
  auto terms = wanted();
  terms.expires_at = clock.now() + 1h;
  auto revoked = create();
  auto expired = create(terms);
  auto of_revoked = principal_of(revoked);
  auto of_expired = principal_of(expired);
  authority->revoke(revoked.record.id, {}).value();
  clock.advance(1h);
  auto before = key_count();
  constexpr auto kEnded = "forbidden: a key that has ended makes no keys";
  EXPECT_EQ(text_of(authority->create_as(of_revoked, wanted(), {})), kEnded);
  EXPECT_EQ(text_of(authority->create_as(of_expired, wanted(), {})), kEnded);
  for (auto const* parent : {&revoked, &expired}) {
    EXPECT_EQ(narrow(*parent, {}), "the key has been revoked or has expired");
  }
  EXPECT_EQ(
      text_of(authority->narrow(domain::KeyId::mint(random), {.name = "child"}, {})), "no such key"
  );
  EXPECT_EQ(key_count(), before);
}

}  // namespace
}  // namespace keystead::authn
