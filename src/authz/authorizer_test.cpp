#include "authz/authorizer.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <gtest/gtest.h>

#include "authz/action_table.hpp"
#include "authz/test_principal.hpp"

namespace keystead::authz {
namespace {

using domain::DenialReason;
using Verdict = domain::Rule::Verdict;
using Wanted = authn::Authenticator::Wanted;

domain::ScopeCatalog const& catalog() {
  static auto const kCatalog =
      domain::ScopeCatalog::make(
          {{"read", "", {}}, {"write", "", {"read"}}, {"admin", "", {"write"}}}
      ).value();
  return kCatalog;
}

domain::ScopeSet scopes_of(std::vector<std::string> const& names) {
  return catalog().resolve(names).value();
}

domain::Rule rule(std::string name, Verdict verdict, std::vector<std::string> patterns) {
  domain::Rule rule;
  rule.name = std::move(name);
  rule.verdict = verdict;
  rule.patterns = std::move(patterns);
  return rule;
}

domain::Rule limit(
    std::string name, std::vector<std::string> patterns, std::vector<domain::ArgumentLimit> limits
) {
  auto made = rule(std::move(name), Verdict::limit, std::move(patterns));
  made.arguments = std::move(limits);
  return made;
}

std::shared_ptr<domain::Restriction const> held_to(domain::Restriction restriction) {
  return std::make_shared<domain::Restriction const>(std::move(restriction));
}

// Two tools on tasks, one of them with a route of its own beside it, and a route without a tool.
class Table {
 public:
  explicit Table(std::vector<domain::Rule> rules = {}) {
    using enum domain::Effect;
    actions_.add_tool("tasks.list", read, "read", "tasks_list", "").value();
    actions_.add_tool("tasks.propose_item", write, "write", "propose_item", "tasks.create").value();
    actions_.add("tasks.create", write, "write").value();
    actions_.add("keys.list", read, "").value();
    auto applied = actions_.apply(std::move(rules), {"live", "test"}, {"tenant", "platform"});
    EXPECT_TRUE(applied) << applied.error().public_text;
  }

  domain::Action const& action(std::string_view name) const {
    return *std::ranges::find(actions_.all(), name, &domain::Action::name);
  }

  std::string decide(Wanted const& who, std::string_view name) const {
    return text_of(Authorizer::decide(authn::Authenticator::principal(who), action(name)));
  }
  // The tool takes the arguments "status" and "count".
  std::string decide(
      Wanted const& who, std::string_view name, std::map<std::string, std::string> const& given
  ) const {
    Arguments arguments{
        .takes = [](std::string_view each) { return each == "status" || each == "count"; },
        .value = [&](std::string_view each) -> std::optional<std::string> {
          auto at = given.find(std::string(each));
          return at == given.end() ? std::nullopt : std::optional(at->second);
        },
    };
    return text_of(
        Authorizer::decide(authn::Authenticator::principal(who), action(name), arguments)
    );
  }

 private:
  static std::string text_of(std::expected<domain::Permit, domain::Denial> const& decision) {
    static std::map<DenialReason, std::string> const kNames{
        {DenialReason::tenant_required, "tenant_required"},
        {DenialReason::insufficient_scope, "insufficient_scope"},
        {DenialReason::rule, "rule"},
        {DenialReason::narrowed, "narrowed"},
        {DenialReason::argument, "argument"},
        {DenialReason::rate_limited, "rate_limited"},
    };
    if (decision) return "permit";
    auto const& denial = decision.error();
    std::string out = kNames.at(denial.reason);
    if (!denial.argument.empty()) out += " " + denial.argument;
    if (!denial.rule.empty()) out += " by " + denial.rule;
    return out;
  }

  ActionTable actions_{catalog()};
};

Wanted const kReader{.scopes = scopes_of({"read"})};
Wanted const kWriter{.scopes = scopes_of({"write"})};
Wanted const kAdmin{.scopes = scopes_of({"admin"})};

TEST(Authorizer, TheScopeDecides) {
  Table table;
  struct Case {
    std::vector<std::string> held;
    std::string list, create, keys;
  };
  for (Case const& each : std::initializer_list<Case>{
           {{}, "insufficient_scope", "insufficient_scope", "permit"},
           {{"read"}, "permit", "insufficient_scope", "permit"},
           {{"write"}, "permit", "permit", "permit"},
           {{"admin"}, "permit", "permit", "permit"},
       }) {
    Wanted who{.scopes = scopes_of(each.held)};
    EXPECT_EQ(table.decide(who, "tasks.list"), each.list);
    EXPECT_EQ(table.decide(who, "tasks.create"), each.create);
    EXPECT_EQ(table.decide(who, "keys.list"), each.keys);
    EXPECT_EQ(table.decide(who, "tasks.list", {}), each.list) << "the same with arguments";
  }
}

TEST(Authorizer, WhoHasNoTenantGetsNoPermit) {
  Table table({rule("all", Verdict::allow, {"*"})});
  Wanted who{.tenant = {}, .scopes = scopes_of({"admin"})};
  for (auto name : {"tasks.list", "tasks.create", "keys.list"}) {
    EXPECT_EQ(table.decide(who, name), "tenant_required");
  }
  who.scopes = {};
  EXPECT_EQ(table.decide(who, "tasks.list"), "tenant_required") << "that comes first";
}

TEST(Authorizer, ANarrowedKeyHasItsToolsOnly) {
  Table table({rule("no writing", Verdict::deny, {"tasks.create"})});
  auto held = [](std::vector<std::string> tools) {
    return Wanted{
        .scopes = scopes_of({"write"}),
        .restriction = held_to({.tools = std::move(tools)}),
    };
  };
  EXPECT_EQ(table.decide(held({"tasks_list"}), "tasks.list"), "permit") << "by its tool";
  EXPECT_EQ(table.decide(held({"tasks.list"}), "tasks.list"), "permit") << "by its name";
  EXPECT_EQ(table.decide(held({"tasks_list"}), "keys.list"), "narrowed");
  EXPECT_EQ(table.decide(held({"tasks_list"}), "tasks.create"), "narrowed") << "before the rules";
  EXPECT_EQ(table.decide(held({"tasks.create"}), "tasks.create"), "rule by no writing");
  EXPECT_EQ(table.decide(held({"propose_item"}), "tasks.create"), "narrowed") << "not its twin";
  EXPECT_EQ(table.decide(held({"tasks_*"}), "tasks.list"), "narrowed") << "names, not patterns";
  EXPECT_EQ(table.decide(held({""}), "keys.list"), "narrowed") << "it has no tool";
  EXPECT_EQ(table.decide(held({}), "keys.list"), "permit");
  Wanted poor{.scopes = {}, .restriction = held_to({.tools = {"tasks_list"}})};
  EXPECT_EQ(table.decide(poor, "tasks.list"), "insufficient_scope") << "the list gives nothing";
}

TEST(Authorizer, TheFirstRuleThatAppliesEndsTheMatter) {
  auto allow = rule("yes", Verdict::allow, {"tasks_*", "tasks.*"});
  auto deny = rule("no", Verdict::deny, {"tasks.*"});
  EXPECT_EQ(Table({allow, deny}).decide(kAdmin, "tasks.list"), "permit");
  EXPECT_EQ(Table({deny, allow}).decide(kAdmin, "tasks.list"), "rule by no");
  EXPECT_EQ(Table({deny}).decide(kAdmin, "keys.list"), "permit") << "the rule is not about it";
  EXPECT_EQ(Table({allow}).decide(kReader, "tasks.create"), "insufficient_scope")
      << "no rule gives what the scope does not";
}

TEST(Authorizer, ARuleMayExemptWhoHoldsAScope) {
  auto deny = rule("no", Verdict::deny, {"tasks.*"});
  deny.unless_scope = "write";
  Table table({deny});
  EXPECT_EQ(table.decide(kReader, "tasks.list"), "rule by no");
  EXPECT_EQ(table.decide(kWriter, "tasks.list"), "permit");
  EXPECT_EQ(table.decide(kAdmin, "tasks.list"), "permit") << "it implies the scope";
}

TEST(Authorizer, ARuleMayConcernEnvironmentsAndKindsOnly) {
  auto deny = rule("no", Verdict::deny, {"*"});
  deny.environments = {"live"};
  deny.kinds = {"tenant"};
  Table table({deny});
  constexpr std::array<std::uint8_t, 2> kIndices{0, 1};
  for (auto environment : kIndices) {
    for (auto kind : kIndices) {
      Wanted who{.scopes = scopes_of({"read"}), .environment = environment, .kind = kind};
      EXPECT_EQ(
          table.decide(who, "tasks.list"), environment == 0 && kind == 0 ? "rule by no" : "permit"
      );
    }
  }
}

TEST(Authorizer, ALimitedArgumentHasOneOfTheValues) {
  Table table({limit("open only", {"tasks.list"}, {{"status", {"\"open\"", "3"}}})});
  auto decide = [&](std::map<std::string, std::string> const& given) {
    return table.decide(kReader, "tasks.list", given);
  };
  EXPECT_EQ(decide({{"status", "\"open\""}}), "permit");
  EXPECT_EQ(decide({{"status", "3"}}), "permit");
  EXPECT_EQ(decide({{"status", "\"done\""}}), "argument status by open only");
  EXPECT_EQ(decide({{"status", "\"3\""}}), "argument status by open only") << "text is no number";
  EXPECT_EQ(decide({{"status", "null"}}), "argument status by open only");
  EXPECT_EQ(decide({{"status", "[\"open\"]"}}), "argument status by open only");
  EXPECT_EQ(decide({}), "argument status by open only") << "what it defaults to is unknown";
  EXPECT_EQ(table.decide(kReader, "tasks.list"), "permit") << "a listing asks without arguments";
  EXPECT_EQ(table.decide(kReader, "keys.list", {}), "permit") << "the rule is not about it";
}

TEST(Authorizer, ALimitOnWhatAToolDoesNotTakeCountsWhenItIsGiven) {
  Table table({limit("one region", {"tasks.list"}, {{"region", {"\"eu\""}}})});
  EXPECT_EQ(table.decide(kReader, "tasks.list", {}), "permit");
  EXPECT_EQ(table.decide(kReader, "tasks.list", {{"region", "\"eu\""}}), "permit");
  EXPECT_EQ(
      table.decide(kReader, "tasks.list", {{"region", "\"us\""}}), "argument region by one region"
  );
}

TEST(Authorizer, LimitsHoldTogetherUpToARuleThatAllows) {
  auto status = limit("a", {"*"}, {{"status", {"1", "2"}}});
  auto narrower = limit("b", {"*"}, {{"status", {"2", "3"}}, {"count", {"1"}}});
  auto allow = rule("yes", Verdict::allow, {"*"});
  using Given = std::map<std::string, std::string>;
  Given one{{"status", "1"}, {"count", "1"}};
  Given two{{"status", "2"}, {"count", "1"}};
  Given two_of_many{{"status", "2"}, {"count", "9"}};

  Table both({status, narrower});
  EXPECT_EQ(both.decide(kReader, "tasks.list", one), "argument status by b");
  EXPECT_EQ(both.decide(kReader, "tasks.list", two), "permit");
  EXPECT_EQ(both.decide(kReader, "tasks.list", two_of_many), "argument count by b");
  Table allowed({status, allow, narrower});
  EXPECT_EQ(allowed.decide(kReader, "tasks.list", one), "permit");
  EXPECT_EQ(
      allowed.decide(kReader, "tasks.list", {{"status", "3"}, {"count", "1"}}),
      "argument status by a"
  );

  auto for_readers = status;
  for_readers.unless_scope = "admin";
  Table exempting({for_readers});
  EXPECT_EQ(exempting.decide(kAdmin, "tasks.list", {{"status", "9"}}), "permit");
}

TEST(Authorizer, WhatACredentialIsHeldToNoRuleLifts) {
  Table table({rule("yes", Verdict::allow, {"*"})});
  Wanted who{
      .scopes = scopes_of({"admin"}),
      .restriction = held_to({.tools = {}, .arguments = {{"status", {"\"open\""}}}}),
  };
  EXPECT_EQ(table.decide(who, "tasks.list", {{"status", "\"open\""}}), "permit");
  EXPECT_EQ(table.decide(who, "tasks.list", {{"status", "\"done\""}}), "argument status");
  EXPECT_EQ(table.decide(who, "tasks.list", {}), "argument status");
  EXPECT_EQ(table.decide(who, "tasks.list"), "permit");
}

TEST(Authorizer, ARuleAboutAToolHoldsForTheRouteThatDoesTheSame) {
  Table table({rule("no", Verdict::deny, {"propose_item"})});
  EXPECT_EQ(table.decide(kAdmin, "tasks.propose_item"), "rule by no");
  EXPECT_EQ(table.decide(kAdmin, "tasks.create"), "rule by no");
  EXPECT_EQ(table.decide(kAdmin, "tasks.list"), "permit");
}

TEST(Authorizer, APermitNamesItsPrincipalAndItsAction) {
  Table table;
  SystemRandom random;
  auto tenant = domain::TenantId::mint(random);
  auto principal = authn::Authenticator::principal({.tenant = tenant});
  auto permit = Authorizer::decide(principal, table.action("keys.list"));
  ASSERT_TRUE(permit);
  EXPECT_EQ(permit->tenant(), tenant);
  EXPECT_EQ(permit->action().name, "keys.list");
  auto denied = Authorizer::decide(principal, table.action("tasks.create"));
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().action->scope, "write");
}

}  // namespace
}  // namespace keystead::authz
