#include "data/row_schema.hpp"

#include <gtest/gtest.h>

#include "codec/json.hpp"
#include "data/field_value.hpp"
#include "data/row_codec.hpp"
#include "data/row_query.hpp"
#include "data/test_collection.hpp"
#include "data/test_schema.hpp"

namespace keystead::data {
namespace {

using domain::FieldType;

json::value read(std::string_view text) {
  return codec::parse_json(text).value();
}

// A collection small enough that its schemas can be read.
domain::Collection notes() {
  domain::Collection collection;
  collection.name = "notes";
  auto text = test_field("text", FieldType::text);
  text.required = true;
  text.length_max = 100;
  text.unique = true;
  auto kind = test_field("kind", FieldType::choice);
  kind.choices = {"a", "b"};
  kind.default_value = domain::FieldValue(std::string("a"));
  kind.description = "What it is.";
  collection.fields = {text, kind, test_field("due", FieldType::date)};
  return collection;
}

TEST(RowSchema, OfTheArgumentsOfCreate) {
  EXPECT_EQ(json::value(create_arguments_schema(notes())), read(R"({"type":"object","properties":{
        "text":{"type":"string","maxLength":100,"description":"Unique."},
        "kind":{"anyOf":[{"type":"string","enum":["a","b"]},{"type":"null"}],
                "description":"What it is.","default":"a"},
        "due":{"anyOf":[{"type":"string","format":"date"},{"type":"null"}]}},
        "required":["text"],"additionalProperties":false})"));
}

TEST(RowSchema, OfTheArgumentsOfUpdate) {
  EXPECT_EQ(json::value(update_arguments_schema(notes())), read(R"({"type":"object","properties":{
        "id":{"type":"string","format":"uuid","description":"The row's id."},
        "text":{"type":"string","maxLength":100,"description":"Unique."},
        "kind":{"anyOf":[{"type":"string","enum":["a","b"]},{"type":"null"}],
                "description":"What it is."},
        "due":{"anyOf":[{"type":"string","format":"date"},{"type":"null"}]}},
        "required":["id"],"additionalProperties":false})"));
}

TEST(RowSchema, OfTheArgumentsOfList) {
  auto schema = list_arguments_schema(notes());
  auto const& filters = schema.at("properties").at("filter").as_object();
  EXPECT_EQ(filters.at("additionalProperties"), json::value(false));
  EXPECT_EQ(
      filters.at("properties").at("text"),
      read(R"({"anyOf":[{"type":"string"},{"type":"object","properties":{
        "eq":{"type":"string"},"ne":{"type":"string"},"lt":{"type":"string"},
        "lte":{"type":"string"},"gt":{"type":"string"},"gte":{"type":"string"},
        "contains":{"type":"string"},"is_null":{"type":"boolean"}},
        "additionalProperties":false,"minProperties":1}]})")
  );
  EXPECT_EQ(
      filters.at("properties").at("kind"),
      read(R"({"anyOf":[{"type":"string","enum":["a","b"]},{"type":"object","properties":{
        "eq":{"type":"string","enum":["a","b"]},"ne":{"type":"string","enum":["a","b"]},
        "is_null":{"type":"boolean"}},"additionalProperties":false,"minProperties":1}]})")
  );
  EXPECT_EQ(
      schema.at("properties").at("sort").at("enum"),
      read(R"(["id","-id","text","-text","kind","-kind","due","-due","created_at","-created_at",
               "updated_at","-updated_at"])")
  );
  EXPECT_EQ(
      schema.at("properties").at("limit"),
      read(R"({"type":"integer","minimum":1,"maximum":200,"default":50,
               "description":"The most rows that one page has."})")
  );
}

TEST(RowSchema, OfTheArgumentsOfAListThatSetsAndRequiresFields) {
  domain::CollectionTool tool{
      .name = "notes_of_kind",
      .where = {{"due", {}}},
      .require = {"kind"},
      .optional = {"text"},
  };
  auto schema = list_arguments_schema(notes(), tool);
  auto const& properties = schema.at("properties").as_object();
  EXPECT_EQ(schema.at("required"), read(R"(["kind"])"));
  EXPECT_EQ(
      properties.at("kind"),
      read(R"({"type":"string","enum":["a","b"],"description":"What it is."})")
  );
  EXPECT_EQ(properties.at("text"), read(R"({"type":"string","maxLength":100})"));
  std::string filters;
  for (auto const& filter : properties.at("filter").at("properties").as_object()) {
    filters += std::string(filter.key()) + " ";
  }
  EXPECT_EQ(filters, "text created_at updated_at ");
}

TEST(RowSchema, OfTheArgumentsOfGet) {
  EXPECT_EQ(json::value(id_arguments_schema("note_id")), read(R"({"type":"object","properties":{
        "note_id":{"type":"string","format":"uuid","description":"The row's id."}},
        "required":["note_id"],"additionalProperties":false})"));
  EXPECT_EQ(
      json::value(key_arguments_schema(notes().fields[0], "text")),
      read(R"({"type":"object","properties":{"text":{"type":"string","maxLength":100}},
        "required":["text"],"additionalProperties":false})")
  );
}

TEST(RowSchema, OfAProposal) {
  EXPECT_EQ(json::value(proposal_schema(notes())), read(R"({"type":"object","properties":{
        "row":{"type":"object","properties":{
          "text":{"anyOf":[{"type":"string"},{"type":"null"}]},
          "kind":{"anyOf":[{"type":"string"},{"type":"null"}],"description":"What it is."},
          "due":{"anyOf":[{"type":"string","format":"date"},{"type":"null"}]}},
          "required":["text","kind","due"],"additionalProperties":false},
        "written":{"type":"boolean","const":false}},
        "required":["row","written"],"additionalProperties":false})"));
}

TEST(RowSchema, OfARow) {
  EXPECT_EQ(json::value(row_schema(notes())), read(R"({"type":"object","properties":{
        "id":{"type":"string","format":"uuid","description":"The row's id."},
        "text":{"anyOf":[{"type":"string"},{"type":"null"}]},
        "kind":{"anyOf":[{"type":"string"},{"type":"null"}],"description":"What it is."},
        "due":{"anyOf":[{"type":"string","format":"date"},{"type":"null"}]},
        "created_at":{"type":"string","format":"date-time"},
        "updated_at":{"type":"string","format":"date-time"}},
        "required":["id","text","kind","due","created_at","updated_at"],
        "additionalProperties":false})"));
}

TEST(RowSchema, EveryOneHasAnObjectAtItsRootAndIsClosed) {
  auto const tasks = test_collection();
  for (auto const& schema :
       {list_arguments_schema(tasks),
        create_arguments_schema(tasks),
        update_arguments_schema(tasks),
        id_arguments_schema(),
        key_arguments_schema(tasks.fields[0], "title"),
        proposal_schema(tasks),
        row_schema(tasks),
        page_schema(tasks),
        deletion_schema()}) {
    EXPECT_EQ(schema.at("type"), json::value("object"));
    EXPECT_EQ(schema.at("additionalProperties"), json::value(false));
    std::string text = codec::to_text(schema);
    EXPECT_FALSE(text.contains("tenant")) << text;
    for (auto word : {"\"$schema\"", "\"$ref\"", "\"type\":["}) {
      EXPECT_FALSE(text.contains(word)) << text;
    }
  }
}

struct Sample {
  FieldType type;
  std::vector<char const*> valid;
  std::vector<char const*> invalid;  // for the codec and the schema alike
};

std::vector<Sample> samples() {
  return {
      {FieldType::text,
       {R"("")", R"("a")", R"("\ud83d\ude00")", R"("12345678")", R"("null")"},
       {"1", "null", "true", "{}", R"(["a"])", R"("123456789")"}},
      {FieldType::integer,
       {"0", "-1", "1.0", "1e3", "9223372036854775807", "-9223372036854775808"},
       {"1.5", "\"1\"", "null", "true", "[]", "{}", "1e-3"}},
      {FieldType::number,
       {"0", "-1", "1.5", "1e300", "18446744073709551615", "-0.0"},
       {"\"1\"", "null", "false", "[1]", "{}"}},
      {FieldType::boolean, {"true", "false"}, {"0", "1", "\"true\"", "null", "[]"}},
      {FieldType::date,
       {R"("2026-11-22")", R"("2028-02-29")", R"("0001-01-01")"},
       {R"("2026-02-29")",
        R"("2026-1-1")",
        "20260101",
        "null",
        R"("")",
        R"("2026-11-22T00:00:00Z")"}},
      {FieldType::datetime,
       {R"("2026-11-22T16:50:00Z")",
        R"("2026-11-22T16:50:00.5+02:00")",
        R"("2026-11-22t16:50:00z")"},
       {R"("2026-11-22")", R"("2026-11-22T16:50:00")", "0", "null", R"("2026-11-22T25:00:00Z")"}},
      {FieldType::choice,
       {R"("open")", R"("done")"},
       {R"("Open")", R"("")", "0", "null", R"("open ")", R"(["open"])"}},
  };
}

domain::Collection one_field(FieldType type) {
  auto field = test_field("f", type);
  field.required = true;
  field.length_max = 8;
  if (type == FieldType::choice) field.choices = {"open", "done"};
  domain::Collection collection;
  collection.name = "things";
  collection.fields = {field};
  return collection;
}

TEST(RowSchema, AgreesWithTheCodecOnValuesOfEveryType) {
  for (auto const& [type, valid, invalid] : samples()) {
    auto collection = one_field(type);
    auto schema = create_arguments_schema(collection);
    for (auto text : valid) {
      auto members = read("{\"f\":" + std::string(text) + "}");
      EXPECT_TRUE(decode_new_row(collection, members.as_object())) << text;
      EXPECT_TRUE(schema_accepts(schema, members)) << text;
    }
    for (auto text : invalid) {
      auto members = read("{\"f\":" + std::string(text) + "}");
      EXPECT_FALSE(decode_new_row(collection, members.as_object())) << text;
      EXPECT_FALSE(schema_accepts(schema, members)) << text;
    }
  }
}

TEST(RowSchema, AgreesWithTheReaderOfFilters) {
  for (auto const& [type, valid, invalid] : samples()) {
    auto collection = one_field(type);
    auto schema = list_arguments_schema(collection);
    auto judge = [&](std::string const& filter) {
      auto arguments = read("{\"filter\":{\"f\":" + filter + "}}");
      bool accepted = decode_query(collection, arguments.as_object()).has_value();
      if (accepted) {
        EXPECT_TRUE(schema_accepts(schema, arguments)) << filter;
      }
      return accepted;
    };
    for (std::string value : valid) {
      EXPECT_TRUE(judge(value)) << value;
      for (auto known : {"eq", "ne"}) {
        EXPECT_TRUE(judge("{\"" + std::string(known) + "\":" + value + "}")) << value;
      }
      judge("{\"gte\":" + value + "}");
      judge("{\"contains\":" + value + "}");
    }
    for (std::string value : invalid) EXPECT_FALSE(judge(value)) << value;
    EXPECT_TRUE(judge("{\"is_null\":true}"));
  }
}

TEST(RowSchema, AcceptsWhatTheCodecDoesOfWholeArguments) {
  auto const tasks = test_collection();
  for (auto text : {
           R"({"title":"a"})",
           R"({"title":"a","due":null,"color":null,"slug":null,"count":null})",
           R"({"title":"a","status":"done","urgent":true})",
       }) {
    EXPECT_TRUE(decode_new_row(tasks, read(text).as_object())) << text;
    EXPECT_TRUE(schema_accepts(create_arguments_schema(tasks), read(text))) << text;
  }
  for (auto text : {
           "{}",
           R"({"title":null})",
           R"({"title":"a","status":null})",
           R"({"title":"a","tenant":"b"})",
           R"({"title":"a","id":"0190a5d0-0000-7000-8000-000000000000"})",
       }) {
    EXPECT_FALSE(decode_new_row(tasks, read(text).as_object())) << text;
    EXPECT_FALSE(schema_accepts(create_arguments_schema(tasks), read(text))) << text;
  }
}

TEST(RowSchema, AcceptsARowThatIsOlderThanItsFields) {
  auto const tasks = test_collection();
  domain::Row row;
  row.id = "0190a5d0-0000-7000-8000-000000000000";
  row.created_at = row.updated_at = test_time("2026-11-22T16:50:00Z");
  row.values.resize(tasks.fields.size());
  row.values[1] = std::string("a choice of the past");
  EXPECT_TRUE(schema_accepts(row_schema(tasks), encode_row(tasks, row)));
  json::object page{{"items", json::array{encode_row(tasks, row)}}};
  EXPECT_TRUE(schema_accepts(page_schema(tasks), page));
}

}  // namespace
}  // namespace keystead::data
