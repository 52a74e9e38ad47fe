// Tools that a collection declares itself: fixed conditions, arguments of their own, a row by a
// unique field, proposals.
#include <array>

#include <gtest/gtest.h>

#include "codec/json.hpp"
#include "data/collection_tools.hpp"
#include "data/test_schema.hpp"
#include "data/test_stores.hpp"

namespace keystead::data {
namespace {

using domain::CollectionTool;
using domain::Effect;
using domain::FieldValue;
using domain::Operation;

constexpr std::string_view kAbsentId = "0190a5d0-0000-7000-8000-000000000000";

domain::Action const kAction{};

class OwnTools : public testing::Test {
 protected:
  OwnTools() {
    declare({.name = "create", .operation = Operation::create});
    declare({.name = "list"});
    declare({.name = "propose", .operation = Operation::propose});
    declare({.name = "urgent", .where = {{"urgent", FieldValue(true)}, {"due", FieldValue()}}});
    declare({.name = "by_status", .require = {"status"}, .optional = {"count"}});
    declare({.name = "by_slug", .operation = Operation::get, .by = "slug"});
    declare({
        .name = "get_open",
        .operation = Operation::get,
        .where = {{"status", FieldValue("open")}},
        .argument = "task_id",
    });
  }

  void declare(CollectionTool const& tool) {
    EXPECT_TRUE(add_collection_tool(tools, stores.tasks(), tool, &kAction)) << tool.name;
  }

  // Calls a tool as a client would; what it accepts and gives must be what its schemas say.
  Result<json::object> call(
      domain::Permit const& permit, std::string_view name, std::string_view text
  ) {
    mcp::Tool const& tool = *tools.find(name);
    auto arguments = codec::parse_json(text).value().as_object();
    auto store = stores.open(permit);
    auto result = tool.on_tenant(permit, store, arguments);
    if (result) {
      EXPECT_TRUE(schema_accepts(tool.input_schema, arguments)) << name << text;
      EXPECT_TRUE(schema_accepts(tool.output_schema, *result)) << codec::to_text(*result);
    } else if (result.error().code == Code::invalid_request) {
      EXPECT_FALSE(schema_accepts(tool.input_schema, arguments)) << name << text;
    }
    return result;
  }
  Result<json::object> call(std::string_view name, std::string_view text) {
    return call(stores.permit_a(), name, text);
  }

  std::string create(std::string_view members) {
    return std::string(call("create", members).value().at("id").as_string());
  }

  // The titles of a page, or what is wrong.
  std::string list(std::string_view name, std::string_view text) {
    auto page = call(name, text);
    if (!page) return page.error().public_text;
    std::string titles;
    for (auto const& item : page->at("items").as_array()) titles += item.at("title").as_string();
    return titles;
  }

  std::string refusal(std::string_view name, std::string_view text) {
    auto result = call(name, text);
    return result ? "accepted" : result.error().public_text;
  }

  TestStores stores;
  mcp::Toolbox tools;
};

TEST_F(OwnTools, SayWhatTheyDoWhereTheFileDoesNot) {
  EXPECT_EQ(tools.find("by_slug")->title, "By slug");
  EXPECT_TRUE(tools.find("urgent")->description.starts_with(
      "Lists rows of tasks where urgent is true and due is empty, filtered and sorted"
  )) << tools.find("urgent")->description;
  EXPECT_TRUE(tools.find("by_slug")->description.starts_with(
      "Gets one row of tasks by its slug. tasks: What the team has to do. Fields: "
  ));
  EXPECT_TRUE(
      tools.find("get_open")
          ->description.starts_with("Gets one row of tasks where status is \"open\" by its id.")
  );
  EXPECT_TRUE(tools.find("propose")->description.contains("Nothing is written."));

  declare({.name = "told", .title = "Told", .description = "By the file."});
  EXPECT_EQ(tools.find("told")->title, "Told");
  EXPECT_EQ(tools.find("told")->description, "By the file.");
}

TEST_F(OwnTools, NeedTheScopeOfWhatTheyDoOrTheirOwn) {
  domain::Collection collection = stores.tasks();
  collection.read_scope = "r";
  collection.write_scope = "w";
  std::string shown;
  for (auto operation :
       {Operation::list,
        Operation::get,
        Operation::create,
        Operation::update,
        Operation::remove,
        Operation::propose}) {
    CollectionTool tool{.name = "t", .operation = operation};
    constexpr std::array kEffects{"read", "write", "destroy"};
    shown += std::string(kEffects[static_cast<std::size_t>(effect_of(tool))]) + " " +
             scope_of(collection, tool) + ", ";
  }
  EXPECT_EQ(shown, "read r, read r, write w, write w, destroy w, read r, ");
  EXPECT_EQ(scope_of(collection, {.name = "t", .scope = "own"}), "own");
}

TEST_F(OwnTools, NoCallerLiftsWhatAToolSets) {
  create(R"({"title":"a","urgent":true})");
  create(R"({"title":"b","urgent":false})");
  create(R"({"title":"c","urgent":true,"due":"2026-11-22"})");
  create(R"({"title":"d","urgent":true,"status":"done"})");
  EXPECT_EQ(list("urgent", "{}"), "ad");
  EXPECT_EQ(list("urgent", R"({"filter":{"status":"done"}})"), "d");
  EXPECT_EQ(list("urgent", R"({"filter":{"urgent":false}})"), "filter.urgent: this tool sets it");
  EXPECT_EQ(
      list("urgent", R"({"filter":{"urgent":{"is_null":true}}})"),
      "filter.urgent: this tool sets it"
  );
  EXPECT_EQ(list("urgent", R"({"urgent":false})"), "urgent: no such argument");
  EXPECT_EQ(list("urgent", R"({"where":{}})"), "where: no such argument");

  auto page = call("list", R"({"limit":1})").value();
  std::string cursor(page.at("next_cursor").as_string());
  EXPECT_EQ(list("urgent", R"({"cursor":")" + cursor + "\"}"), "d")
      << "a cursor of a tool without the condition does not lift it either";
}

TEST_F(OwnTools, AFieldThatAListRequiresIsAnArgument) {
  create(R"({"title":"a","count":1})");
  create(R"({"title":"b","count":1,"status":"done"})");
  create(R"({"title":"c","count":2})");
  EXPECT_EQ(list("by_status", R"({"status":"open"})"), "ac");
  EXPECT_EQ(list("by_status", R"({"status":"open","sort":"-count","limit":1})"), "c");
  EXPECT_EQ(list("by_status", R"({"status":"open","count":1})"), "a");
  EXPECT_EQ(list("by_status", R"({"status":"open","filter":{"count":{"gt":1}}})"), "c");
  EXPECT_EQ(list("by_status", "{}"), "status: required");
  EXPECT_EQ(list("by_status", R"({"status":null})"), "status: must be one of open, done");
  EXPECT_EQ(list("by_status", R"({"status":["open"]})"), "status: must be one of open, done");
  EXPECT_EQ(list("by_status", R"({"status":"open","count":"1"})"), "count: not an integer");
  EXPECT_EQ(
      list("by_status", R"({"status":"open","filter":{"status":{"ne":"x"}}})"),
      "filter.status: it is an argument of its own"
  );
  EXPECT_EQ(
      list("by_status", R"({"status":"open","color":"red"})"),
      "color: no such argument; fields go into filter"
  );
}

TEST_F(OwnTools, ARowIsGotByAUniqueField) {
  std::string id = create(R"({"title":"a","slug":"welcome"})");
  EXPECT_EQ(call("by_slug", R"({"slug":"welcome"})").value().at("id"), json::value(id));
  EXPECT_EQ(call("by_slug", R"({"slug":"Welcome"})").error().code, Code::not_found);
  EXPECT_EQ(call("by_slug", R"({"slug":"%"})").error().code, Code::not_found);
  EXPECT_EQ(refusal("by_slug", "{}"), "slug: required");
  EXPECT_EQ(refusal("by_slug", R"({"slug":null})"), "slug: not text");
  EXPECT_EQ(refusal("by_slug", R"({"slgu":"welcome"})"), "slug: required; slgu: no such argument");
  EXPECT_EQ(refusal("by_slug", R"({"slug":"a","tenant":"b"})"), "tenant: no such argument");
}

TEST_F(OwnTools, ARowThatDoesNotMeetTheConditionIsNotThere) {
  std::string open = create(R"({"title":"a"})");
  std::string done = create(R"({"title":"b","status":"done"})");
  auto get = [&](std::string_view id) {
    return call("get_open", R"({"task_id":")" + std::string(id) + "\"}");
  };
  EXPECT_EQ(get(open).value().at("title"), json::value("a"));
  ASSERT_FALSE(get(done));
  EXPECT_EQ(get(done).error().code, Code::not_found);
  EXPECT_EQ(get(done).error().public_text, get(kAbsentId).error().public_text);
  EXPECT_EQ(refusal("get_open", R"({"id":")" + open + "\"}").substr(0, 17), "task_id: required");
  EXPECT_EQ(refusal("get_open", R"({"task_id":"1"})"), "task_id: not a UUID in lower case");
}

TEST_F(OwnTools, Attack150AnotherTenantsRowIsNotFoundByAnyKey) {
  create(R"({"title":"a","slug":"welcome","urgent":true})");
  auto by = [&](std::string_view slug) {
    return call(stores.permit_b(), "by_slug", R"({"slug":")" + std::string(slug) + "\"}");
  };
  ASSERT_FALSE(by("welcome"));
  EXPECT_EQ(by("welcome").error().code, Code::not_found);
  EXPECT_EQ(by("welcome").error().public_text, by("nothing").error().public_text);
  for (auto const& [name, text] : std::initializer_list<std::array<std::string_view, 2>>{
           {"urgent", "{}"}, {"by_status", R"({"status":"open"})"}
       }) {
    EXPECT_TRUE(call(stores.permit_b(), name, text).value().at("items").as_array().empty());
  }
}

TEST_F(OwnTools, AProposalShowsTheRowAndWritesNothing) {
  auto proposal = call("propose", R"({"title":"a","at":"2026-01-01T02:00:00.5+02:00"})").value();
  EXPECT_EQ(
      codec::to_text(proposal),
      R"({"row":{"title":"a","status":"open","due":null,"at":"2026-01-01T00:00:00.500Z",)"
      R"("count":null,"price":null,"urgent":null,"color":null,"slug":null},"written":false})"
  );
  EXPECT_EQ(list("list", "{}"), "");

  auto created = call("create", R"({"title":"a","at":"2026-01-01T02:00:00.5+02:00"})").value();
  for (auto const& member : proposal.at("row").as_object()) {
    EXPECT_EQ(created.at(member.key()), member.value()) << member.key();
  }
}

TEST_F(OwnTools, AProposalFailsExactlyAsTheCreationWould) {
  create(R"({"title":"a","slug":"s"})");
  for (std::string_view members : {
           "{}",
           R"({"title":null})",
           R"({"title":"123456789012345678901"})",
           R"({"title":"a","due":"soon","count":1.5,"colour":"red"})",
           R"({"title":"a","id":"0190a5d0-0000-7000-8000-000000000000"})",
           R"({"title":"a","tenant":"b"})",
           R"({"title":"b","slug":"s"})",
       }) {
    auto proposed = call("propose", members);
    auto created = call("create", members);
    ASSERT_FALSE(proposed) << members;
    ASSERT_FALSE(created) << members;
    EXPECT_EQ(proposed.error().code, created.error().code) << members;
    EXPECT_EQ(proposed.error().public_text, created.error().public_text) << members;
  }
  EXPECT_TRUE(call("propose", R"({"title":"b","slug":null})")) << "null is taken by nobody";
  EXPECT_TRUE(call(stores.permit_b(), "propose", R"({"title":"b","slug":"s"})"))
      << "what another tenant has is not to be felt";
}

}  // namespace
}  // namespace keystead::data
