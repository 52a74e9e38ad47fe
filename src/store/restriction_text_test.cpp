#include "store/restriction_text.hpp"

#include <gtest/gtest.h>

#include "store/scope_list.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {
namespace {

TEST(RestrictionText, ItNamesOnlyWhatThereIs) {
  EXPECT_EQ(restriction_text({}), "{}");
  domain::Restriction restriction;
  restriction.tools = {"tasks_list"};
  EXPECT_EQ(restriction_text(restriction), R"({"tools":["tasks_list"]})");
}

TEST(RestrictionText, ItIsReadAsItWasWritten) {
  domain::Restriction restriction;
  restriction.tools = {"a", "b\"\\\n"};
  restriction.arguments = {{"status", {"\"open\"", "3"}}, {"empty", {}}};
  restriction.addresses = {*domain::AddressRange::parse("203.0.113.0/24")};
  restriction.ancestors = {
      domain::KeyId::mint(system_random()), domain::KeyId::mint(system_random())
  };
  auto text = restriction_text(restriction);
  auto read = parse_restriction(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(restriction_text(*read), text);
  EXPECT_EQ(read->tools, restriction.tools);
  EXPECT_EQ(read->arguments.at(0).values, restriction.arguments[0].values);
  EXPECT_EQ(read->addresses, restriction.addresses);
  EXPECT_EQ(read->ancestors, restriction.ancestors);
  EXPECT_TRUE(parse_restriction("{}")->empty());
}

TEST(RestrictionText, Attack084WhatWeDoNotWriteIsNotRead) {
  for (auto text :
       {"",
        "null",
        "[]",
        R"({"Tools":["a"]})",
        R"({"tools":["a"],"tools":[]})",
        R"({"tools":"a"})",
        R"({"tools":[1]})",
        R"({"arguments":[{"name":"a"}]})",
        R"({"arguments":[{"name":"a","values":[],"more":1}]})",
        R"({"arguments":[{"name":"a","values":[3]}]})",
        R"({"arguments":{}})",
        R"({"addresses":["10.0.0.1/8"]})",
        R"({"ancestors":["x"]})",
        R"({"methods":["a"]})",
        R"({"tools":["a"]} x)"}) {
    EXPECT_FALSE(parse_restriction(text)) << text;
  }
}

TEST(ScopeList, ScopesComeBackAsTheyWere) {
  std::vector<std::string> scopes{"left over", "from", "before", "it"};
  for (std::vector<std::string> const& wanted :
       {std::vector<std::string>{"mcp:read", "mcp:write"}, {}, {"one"}}) {
    split_scopes(*join_scopes(wanted), scopes);
    EXPECT_EQ(scopes, wanted);
  }
}

}  // namespace
}  // namespace keystead::store
