// Tools that collections declare themselves, as the file writes them, and its mistakes about them.
#include <algorithm>

#include <gtest/gtest.h>

#include "app/config/config.hpp"

namespace keystead::app {
namespace {

using domain::FieldValue;
using domain::Operation;

std::string mistakes(std::string_view text, Environment const& environment = {}) {
  auto config = parse_config(text, "k.yaml", environment);
  return config ? "none" : config.error().public_text;
}

// The file with these tools of a collection; the first of them is on line 5.
std::string mistakes_of_tools(std::string const& tools) {
  return mistakes(
      "collections:\n"
      "  stocks:\n"
      "    fields: { sku: { type: text!, unique: true }, low: boolean, count: integer, sort: text "
      "}\n"
      "    tools:\n" +
      tools
  );
}

TEST(CollectionTools, AreReadWithWhatTheyNarrow) {
  auto config = parse_config(
      "keys: { scopes: { r: Read, w: Write, own: Own } }\n"
      "collections:\n"
      "  stocks:\n"
      "    tools:\n"  // above the fields that they name
      "      supply.list: list\n"
      "      supply_low:\n"
      "        do: list\n"
      "        title: Low\n"
      "        description: What runs low.\n"
      "        where: { low: true, closed: null, at: 2026-11-22T01:00:00+01:00 }\n"
      "        require: [center]\n"
      "        optional: [kind]\n"
      "        scope: own\n"
      "      supply_get: { do: get, by: sku, argument: code }\n"
      "      propose: propose\n"
      "      delete: \"${DEED}\"\n"
      "    fields:\n"
      "      sku: { type: text!, unique: true }\n"
      "      low: boolean\n"
      "      closed: date\n"
      "      at: datetime\n"
      "      center: text\n"
      "      kind: [a, b]\n"
      "    read: r\n"
      "    write: w\n"
      "  hidden: { fields: { x: text }, tools: {}, rest: false }\n"
      "  usual: { fields: { x: text } }\n",
      "k.yaml",
      {{"DEED", "delete"}}
  );
  ASSERT_TRUE(config) << config.error().public_text;
  auto const& stocks = config->collections[0].collection;
  EXPECT_TRUE(stocks.rest);
  ASSERT_EQ(stocks.tools->size(), 5U);
  auto const& low = stocks.tools->at(1);
  EXPECT_EQ(stocks.tools->at(0).name, "supply.list");
  EXPECT_EQ(low.name, "supply_low");
  EXPECT_EQ(low.operation, Operation::list);
  EXPECT_EQ(low.title, "Low");
  EXPECT_EQ(low.description, "What runs low.");
  ASSERT_EQ(low.where.size(), 3U);
  EXPECT_EQ(low.where[0].field, "low");
  EXPECT_EQ(low.where[0].value, FieldValue(true));
  EXPECT_EQ(low.where[1].value, FieldValue());
  EXPECT_EQ(low.where[2].value, FieldValue("2026-11-22T00:00:00Z"));
  EXPECT_EQ(low.require, std::vector<std::string>{"center"});
  EXPECT_EQ(low.optional, std::vector<std::string>{"kind"});
  EXPECT_EQ(low.scope, "own");
  EXPECT_EQ(stocks.tools->at(2).operation, Operation::get);
  EXPECT_EQ(stocks.tools->at(2).by, "sku");
  EXPECT_EQ(stocks.tools->at(2).argument, "code");
  EXPECT_FALSE(stocks.tools->at(2).scope);
  EXPECT_EQ(stocks.tools->at(3).operation, Operation::propose);
  EXPECT_EQ(stocks.tools->at(4).operation, Operation::remove);

  auto const& hidden = config->collections[1].collection;
  EXPECT_TRUE(hidden.tools && hidden.tools->empty()) << "an empty map is no tools";
  EXPECT_FALSE(hidden.rest);
  EXPECT_FALSE(config->collections[2].collection.tools) << "without the key there are the five";
}

TEST(CollectionTools, AMistakeNamesItsLineAndTheNearestName) {
  EXPECT_EQ(
      mistakes_of_tools(
          "      a: lst\n"
          "      b: { do: fetch }\n"
          "      c: { title: C }\n"
          "      d: { do: list, were: { low: true } }\n"
          "      e: { do: list, where: { lwo: true } }\n"
          "      f: { do: list, where: { low: 1 } }\n"
          "      g: { do: list, where: { sku: null } }\n"
          "      h: { do: list, where: [low] }\n"
          "      i: { do: list, require: [cuont] }\n"
          "      j: { do: get, by: skuu }\n"
          "      k: { do: get, by: count }\n"
          "      l: []\n"
          "      \"m n\": list\n"
      ),
      "k.yaml:5: collections.stocks.tools.a: expected list, get, create, update, delete or "
      "propose; "
      "did you mean \"list\"?\n"
      "k.yaml:6: collections.stocks.tools.b.do: expected list, get, create, update, delete or "
      "propose\n"
      "k.yaml:7: collections.stocks.tools.c: \"do\" is missing\n"
      "k.yaml:8: collections.stocks.tools.d.were: unknown key; did you mean \"where\"?\n"
      "k.yaml:9: collections.stocks.tools.e.where.lwo: no such field; did you mean \"low\"?\n"
      "k.yaml:10: collections.stocks.tools.f.where.low: expected true or false\n"
      "k.yaml:11: collections.stocks.tools.g.where.sku: the field is required, so it is never "
      "empty\n"
      "k.yaml:12: collections.stocks.tools.h.where: expected a map, found a list\n"
      "k.yaml:13: collections.stocks.tools.i.require[0]: no such field; did you mean \"count\"?\n"
      "k.yaml:14: collections.stocks.tools.j.by: no such field; did you mean \"sku\"?\n"
      "k.yaml:15: collections.stocks.tools.k.by: not a unique field, so there can be more than one "
      "such row\n"
      "k.yaml:16: collections.stocks.tools.l: expected an operation, or a map, found a list\n"
      "k.yaml:17: collections.stocks.tools.m n: a tool's name is 1 to 64 of A-Z, a-z, 0-9, _, ., / "
      "and -"
  );
}

TEST(CollectionTools, AKeyThatTheOperationDoesNotHave) {
  EXPECT_EQ(
      mistakes_of_tools(
          "      a: { do: create, where: { low: true } }\n"
          "      b: { do: get, require: [low] }\n"
          "      c: { do: propose, optional: [low] }\n"
          "      d: { do: update, by: sku }\n"
          "      e: { do: list, argument: x }\n"
          "      f: { do: get, argument: X }\n"
          "      g: { do: list, require: [sort] }\n"
          "      h: { do: list, require: [low], optional: [low] }\n"
          "      i: { do: list, require: [low], where: { low: true } }\n"
      ),
      "k.yaml:5: collections.stocks.tools.a.where: only list and get have conditions\n"
      "k.yaml:6: collections.stocks.tools.b.require: only list takes fields as arguments\n"
      "k.yaml:7: collections.stocks.tools.c.optional: only list takes fields as arguments\n"
      "k.yaml:8: collections.stocks.tools.d.by: only get looks for a row by a field\n"
      "k.yaml:9: collections.stocks.tools.e.argument: only get can call its argument something "
      "else\n"
      "k.yaml:10: collections.stocks.tools.f.argument: a name is a-z, then up to 62 of a-z, 0-9 "
      "and "
      "_\n"
      "k.yaml:11: collections.stocks.tools.g.require[0]: every list tool has an argument of this "
      "name already\n"
      "k.yaml:12: collections.stocks.tools.h.require[0]: this field comes twice\n"
      "k.yaml:12: collections.stocks.tools.h.optional[0]: this field comes twice\n"
      "k.yaml:13: collections.stocks.tools.i.require[0]: where sets this field"
  );
}

TEST(CollectionTools, OneNameIsOneTool) {
  EXPECT_EQ(
      mistakes(
          "collections:\n"
          "  a: { fields: { x: text }, tools: { find: list, whoami: list } }\n"
          "  b:\n"
          "    fields: { x: text }\n"
          "    tools:\n"
          "      find: list\n"
          "      c_list: list\n"
          "  c: { fields: { x: text } }\n"
          "tools: [whoami]\n"
      ),
      "k.yaml:2: collections.a.tools.whoami: the tool has the name of another: tools[0]\n"
      "k.yaml:6: collections.b.tools.find: the tool has the name of another: collections.a.tools."
      "find\n"
      "k.yaml:8: collections.c: its tool c_list has the name of another: collections.b.tools.c_list"
  );
  EXPECT_EQ(
      mistakes_of_tools("      a: list\n      a: get\n"),
      "k.yaml:6: collections.stocks.tools.a: duplicate key; the first is on line 5"
  );
}

TEST(CollectionTools, AScopeThatDoesNotExist) {
  EXPECT_EQ(
      mistakes(
          "keys: { scopes: { \"data:read\": Read } }\n"
          "collections:\n"
          "  a: { fields: { x: text }, tools: { find: { do: list, scope: \"data:raed\" } } }\n"
      ),
      "k.yaml:3: collections.a.tools.find.scope: scope \"data:raed\" is not in keys.scopes; did "
      "you "
      "mean \"data:read\"?"
  );
}

TEST(CollectionTools, SamplesNeedTheRestResource) {
  EXPECT_EQ(
      mistakes(
          "collections:\n  a:\n    fields: { x: text }\n    rest: false\n    samples: [{ x: y }]\n"
      ),
      "k.yaml:5: collections.a.samples: the demo adds rows over REST, which this collection does "
      "not have"
  );
}

TEST(CollectionTools, Attack5NoValueOfTheEnvironmentIsRepeated) {
  std::string text = mistakes(
      "collections:\n"
      "  a:\n"
      "    fields: { x: integer }\n"
      "    tools:\n"
      "      b: \"${S}\"\n"
      "      c: { do: get, by: \"${S}\" }\n"
      "      d: { do: list, require: [\"${S}\"] }\n"
      "      e: { do: list, where: { x: \"${S}\" } }\n"
      "      f: { do: list, scope: \"${S}\" }\n",
      {{"S", "canary-hunter2"}}
  );
  EXPECT_EQ(text.find("canary"), std::string::npos) << text;
  EXPECT_EQ(std::ranges::count(text, '\n') + 1, 5) << text;
}

}  // namespace
}  // namespace keystead::app
