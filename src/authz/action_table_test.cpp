#include "authz/action_table.hpp"

#include <gtest/gtest.h>

namespace keystead::authz {
namespace {

using enum domain::Effect;

class Actions : public testing::Test {
 protected:
  domain::Rule rule(std::string name, std::vector<std::string> patterns) {
    domain::Rule rule;
    rule.name = std::move(name);
    rule.patterns = std::move(patterns);
    return rule;
  }
  std::string refusal_of(domain::Rule rule) {
    auto applied = table.apply({std::move(rule)}, {"live", "test"}, {"tenant"});
    return applied ? "applied" : applied.error().public_text;
  }
  // The names of the rules of an action.
  std::string rules_of(domain::Action const* action) {
    std::string names;
    for (auto const* each : action->rules) names += (names.empty() ? "" : " ") + each->name;
    return names;
  }

  domain::ScopeCatalog catalog =
      domain::ScopeCatalog::make({{"read", "", {}}, {"write", "", {"read"}}}).value();
  ActionTable table{catalog};
};

TEST_F(Actions, EveryActionHasAName) {
  ASSERT_TRUE(table.add("tasks.list", read, "read"));
  EXPECT_EQ(
      table.add("tasks.list", read, "").error().public_text, "two things are called \"tasks.list\""
  );
  EXPECT_EQ(
      table.add_tool("tasks.list", read, "", "tasks_list", "").error().public_text,
      "two things are called \"tasks.list\""
  );
  EXPECT_EQ(
      table.add("tasks.create", write, "root").error().public_text,
      "tasks.create needs scope \"root\", which is not declared"
  );
  EXPECT_EQ(table.all().size(), 1u);
}

TEST_F(Actions, RulesAreAttachedInTheirOrderToWhatTheyConcern) {
  auto const* list = table.add_tool("tasks.list", read, "read", "tasks_list", "").value();
  auto const* propose =
      table.add_tool("propose", write, "write", "tasks_propose", "tasks.create").value();
  auto const* create = table.add("tasks.create", write, "write").value();
  auto const* lonely = table.add_tool("lonely", read, "", "lonely", "not.a.route").value();
  auto applied = table.apply(
      {rule("a", {"tasks_*"}),
       rule("b", {"tasks.*", "tasks_list"}),
       rule("c", {"tasks_propose", "tasks.create"}),
       rule("d", {"lonely"})},
      {},
      {}
  );
  ASSERT_TRUE(applied) << applied.error().public_text;
  EXPECT_EQ(rules_of(list), "a b");
  EXPECT_EQ(rules_of(propose), "a c");
  EXPECT_EQ(rules_of(create), "a b c") << "a rule about the tool holds for its twin";
  EXPECT_EQ(rules_of(lonely), "d");
}

TEST_F(Actions, ARuleThatCannotBeMeantIsRefusedByName) {
  ASSERT_TRUE(table.add_tool("tasks.list", read, "read", "tasks_list", ""));
  EXPECT_EQ(refusal_of(rule("r", {})), "rule \"r\" names no tool and no action");
  EXPECT_EQ(
      refusal_of(rule("r", {"tasks_list", "task_*"})),
      "rule \"r\": no tool and no action is called \"task_*\""
  );
  auto unknown_scope = rule("r", {"*"});
  unknown_scope.unless_scope = "root";
  EXPECT_EQ(refusal_of(unknown_scope), "rule \"r\" names scope \"root\", which is not declared");
  auto unknown_environment = rule("r", {"*"});
  unknown_environment.environments = {"live", "stage"};
  EXPECT_EQ(refusal_of(unknown_environment), "rule \"r\": there is no environment \"stage\"");
  auto unknown_kind = rule("r", {"*"});
  unknown_kind.kinds = {"platform"};
  EXPECT_EQ(refusal_of(unknown_kind), "rule \"r\": there is no kind of keys \"platform\"");
  EXPECT_EQ(refusal_of(rule("r", {"*"})), "applied");
}

}  // namespace
}  // namespace keystead::authz
