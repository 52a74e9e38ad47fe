#include "data/row_codec.hpp"

#include <gtest/gtest.h>

#include "codec/json.hpp"
#include "data/field_value.hpp"
#include "data/test_collection.hpp"

namespace keystead::data {
namespace {

using domain::Field;
using domain::FieldType;

json::object object(std::string_view text) {
  return codec::parse_json(text).value().as_object();
}

std::string error_of(auto const& result) {
  return result ? "no error" : result.error().public_text;
}

// The stored values of a new row as one text, or the error.
std::string create(std::string_view members) {
  auto const tasks = test_collection();
  auto values = decode_new_row(tasks, object(members));
  if (!values) {
    EXPECT_EQ(values.error().code, Code::invalid_request);
    return values.error().public_text;
  }
  json::object stored;
  for (std::size_t i = 0; i < values->size(); ++i) {
    if (auto const* text = std::get_if<std::string>(&(*values)[i])) {
      stored[tasks.fields[i].name] = *text;
    } else if (!std::holds_alternative<std::monostate>((*values)[i])) {
      stored[tasks.fields[i].name] = encode_value((*values)[i]);
    }
  }
  return codec::to_text(stored);
}

std::string change(std::string_view members) {
  return error_of(decode_changes(test_collection(), object(members)));
}

// "ok" or what is wrong with a value of a type.
std::string judge(Field const& field, std::string_view value) {
  auto decoded = decode_value(field, codec::parse_json(value).value());
  return decoded ? "ok" : decoded.error();
}

std::string judge(FieldType type, std::string_view value) {
  return judge(test_field("f", type), value);
}

TEST(RowCodec, FillsInDefaultsAndLeavesTheRestNull) {
  EXPECT_EQ(create(R"({"title":"a"})"), R"({"title":"a","status":"open"})");
}

TEST(RowCodec, StoresEveryTypeInItsOneForm) {
  EXPECT_EQ(
      create(R"({"title":"a","status":"done","due":"2028-02-29","at":"2026-11-22T18:50:00+02:00",
                 "count":3,"price":2,"urgent":false,"color":""})"),
      R"({"title":"a","status":"done","due":"2028-02-29","at":"2026-11-22T16:50:00Z",)"
      R"("count":3,"price":2,"urgent":false,"color":""})"
  );
}

TEST(RowCodec, NamesEveryPathThatIsWrong) {
  EXPECT_EQ(create("{}"), "title: required");
  EXPECT_EQ(create(R"({"title":null})"), "title: required, so it cannot be null");
  EXPECT_EQ(
      create(R"({"due":"soon","status":"later","colour":"red"})"),
      "due: not a date (YYYY-MM-DD); status: must be one of open, done; "
      "colour: no such field; nearest: color; title: required"
  );
  EXPECT_EQ(create(R"({"title":"a","status":null})"), "status: required, so it cannot be null");
  EXPECT_EQ(create(R"({"title":"123456789012345678901"})"), "title: longer than 20 bytes");
  EXPECT_EQ(create(R"({"title":"a","zebra":1})"), "zebra: no such field");
}

TEST(RowCodec, WhatTheServerSetsCannotBeSent) {
  EXPECT_EQ(
      create(R"({"title":"a","id":"x","created_at":"y","updated_at":null})"),
      "id: set by the server; created_at: set by the server; updated_at: set by the server"
  );
  EXPECT_EQ(change(R"({"id":"x"})"), "id: set by the server");
}

TEST(RowCodec, Attack10ATenantMemberIsRefusedAsUnknown) {
  EXPECT_EQ(create(R"({"title":"a","tenant":"b"})"), "tenant: no such field");
  EXPECT_EQ(change(R"({"title":"a","tenant_id":"b"})"), "tenant_id: no such field");
  EXPECT_EQ(
      error_of(decode_row_id(object(
          R"({"id":"0190a5d0-0000-7000-8000-000000000000","tenant":"0190a5d0-0000-7000-8000-000000000001"})"
      ))),
      "tenant: no such argument"
  );
}

TEST(RowCodec, Attack84NamesAreCaseSensitive) {
  EXPECT_EQ(create(R"({"title":"a","Title":"b"})"), "Title: no such field; nearest: title");
}

TEST(RowCodec, AChangeMayEmptyAnOptionalFieldOnly) {
  auto changes = decode_changes(test_collection(), object(R"({"due":null,"count":7})"));
  ASSERT_TRUE(changes);
  ASSERT_EQ(changes->size(), 2u);
  EXPECT_EQ((*changes)[0].first, 2u);
  EXPECT_EQ((*changes)[0].second, domain::FieldValue());
  EXPECT_EQ((*changes)[1].second, domain::FieldValue(std::int64_t{7}));
  EXPECT_EQ(
      change(R"({"title":null,"due":1})"),
      "title: required, so it cannot be null; due: not a date (YYYY-MM-DD)"
  );
  EXPECT_EQ(change("{}"), "no error");
}

TEST(RowCodec, AToolFindsTheRowByItsId) {
  auto arguments = object(R"({"count":1,"id":"0190a5d0-0000-7000-8000-000000000000"})");
  auto decoded = decode_row_change(test_collection(), arguments);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->id, "0190a5d0-0000-7000-8000-000000000000");
  EXPECT_EQ(decoded->changes.size(), 1u);
  auto error = [](std::string_view text) {
    return error_of(decode_row_change(test_collection(), object(text)));
  };
  EXPECT_EQ(error(R"({"count":"1"})"), "id: required; count: not an integer");
  for (auto id :
       {"1",
        "null",
        "\"\"",
        "\"1\"",
        "\"0190A5D0-0000-7000-8000-000000000000\"",
        "\" 0190a5d0-0000-7000-8000-000000000000\"",
        "{}",
        "[]"}) {
    EXPECT_EQ(error("{\"id\":" + std::string(id) + "}"), "id: not a UUID in lower case") << id;
  }
}

TEST(RowCodec, AHostileInputGetsAShortAnswer) {
  std::string members = "{";
  for (int i = 0; i < 5000; ++i) {
    members += "\"\xc3\xa9" + std::string(200, 'x') + std::to_string(i) + "\":1,";
  }
  std::string error = create(members + "\"title\":\"a\"}");
  EXPECT_LT(error.size(), 4000u);
  EXPECT_TRUE(error.ends_with("; and more"));
}

TEST(RowCodec, ALongNameIsNotCutInsideACharacter) {
  std::string name = "x";
  for (int i = 0; i < 100; ++i) name += "\xc3\xa9";
  std::string error = create("{\"title\":\"a\",\"" + name + "\":1}");
  EXPECT_EQ(error, name.substr(0, 95) + ": no such field");
}

TEST(FieldValue, Attack139NoTypeIsCoerced) {
  struct Row {
    FieldType type;
    char const* value;
  };
  for (auto [type, value] : std::initializer_list<Row>{
           {FieldType::text, "1"},         {FieldType::text, "true"},
           {FieldType::text, "[]"},        {FieldType::text, "{}"},
           {FieldType::text, "[\"a\"]"},   {FieldType::text, "null"},
           {FieldType::integer, "\"1\""},  {FieldType::integer, "true"},
           {FieldType::integer, "1.5"},    {FieldType::integer, "[1]"},
           {FieldType::integer, "\"\""},   {FieldType::integer, "null"},
           {FieldType::number, "\"1\""},   {FieldType::number, "false"},
           {FieldType::number, "\"NaN\""}, {FieldType::boolean, "1"},
           {FieldType::boolean, "0"},      {FieldType::boolean, "\"true\""},
           {FieldType::date, "20260101"},  {FieldType::date, "0"},
           {FieldType::datetime, "0"},     {FieldType::choice, "0"},
           {FieldType::choice, "null"},    {FieldType::choice, "[\"open\"]"},
       }) {
    EXPECT_NE(judge(type, value), "ok") << value;
  }
}

TEST(FieldValue, Attack139TextWithANulIsRefused) {
  EXPECT_EQ(judge(FieldType::text, R"("a\u0000b")"), "holds a NUL character");
  EXPECT_EQ(judge(FieldType::text, R"("\u0000")"), "holds a NUL character");
  EXPECT_EQ(judge(FieldType::date, R"("2026-01-01\u0000")"), "not a date (YYYY-MM-DD)");
}

TEST(FieldValue, AnIntegerHas64BitsAndNoFraction) {
  EXPECT_EQ(
      std::get<std::int64_t>(
          *decode_value(test_field("f", FieldType::integer), codec::parse_json("1.0").value())
      ),
      1
  );
  for (auto value :
       {"0",
        "-0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "1.0",
        "1e3",
        "-0.0",
        "9007199254740991.0"}) {
    EXPECT_EQ(judge(FieldType::integer, value), "ok") << value;
  }
  for (auto value :
       {"9223372036854775808",
        "18446744073709551616",
        "-9223372036854775809",
        "1e19",
        "1e300",
        "9007199254740993.0",
        "9223372036854775808.0"}) {
    EXPECT_EQ(judge(FieldType::integer, value), "not an exact signed 64-bit integer") << value;
  }
  for (auto value : {"0.1", "1e-1", "-1.5", "1.0000000001"}) {
    EXPECT_EQ(judge(FieldType::integer, value), "not an integer") << value;
  }
}

TEST(FieldValue, ANumberIsAnyJsonNumber) {
  for (auto value : {"0", "-1", "1.5", "1e308", "18446744073709551615", "5e-324", "-0.0"}) {
    EXPECT_EQ(judge(FieldType::number, value), "ok") << value;
  }
}

TEST(FieldValue, ADateExists) {
  for (auto day : {"2026-11-22", "2028-02-29", "2000-02-29", "0001-01-01", "9999-12-31"}) {
    EXPECT_EQ(judge(FieldType::date, "\"" + std::string(day) + "\""), "ok") << day;
  }
  for (auto day :
       {"2026-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-04-31",
        "2026-1-1",
        "26-01-01",
        "2026/01/01",
        "2026-01-01 ",
        " 2026-01-01",
        "2026-01-01T00:00:00Z",
        "+026-01-01",
        "-001-01-01",
        "",
        "2026-01-0a",
        "12026-01-01",
        "2026-01-01Z"}) {
    EXPECT_EQ(judge(FieldType::date, "\"" + std::string(day) + "\""), "not a date (YYYY-MM-DD)")
        << day;
  }
}

std::string in_utc(std::string_view text) {
  auto decoded =
      decode_value(test_field("f", FieldType::datetime), json::value(json::string(text)));
  return decoded ? std::get<std::string>(*decoded) : decoded.error();
}

TEST(FieldValue, ATimeIsTurnedToUtc) {
  EXPECT_EQ(in_utc("2026-11-22T16:50:00Z"), "2026-11-22T16:50:00Z");
  EXPECT_EQ(in_utc("2026-11-22t16:50:00.25z"), "2026-11-22T16:50:00.250Z");
  EXPECT_EQ(in_utc("2026-12-31T23:30:00-01:00"), "2027-01-01T00:30:00Z");
  EXPECT_EQ(in_utc("2026-11-22T16:50:00.123456789Z"), "2026-11-22T16:50:00.123Z");
  for (auto text :
       {"2026-11-22",
        "2026-11-22T16:50:00",
        "2026-11-22 16:50:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T16:60:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-22T16:50Z",
        "now",
        "",
        "2026-11-22T16:50:00+1:00",
        "2026-11-22T16:50:00.Z",
        "1795366200",
        "9999-12-31T23:30:00-01:00",
        "0000-01-01T00:00:00+01:00"}) {
    EXPECT_EQ(in_utc(text), "not a date and time (RFC 3339, such as 2026-11-22T16:50:00Z)") << text;
  }
}

TEST(FieldValue, TheLengthOfTextIsCountedInBytes) {
  auto field = test_field("f", FieldType::text);
  field.length_max = 4;
  EXPECT_EQ(judge(field, "\"\xc3\xa9\xc3\xa9\""), "ok");
  EXPECT_EQ(judge(field, "\"\xc3\xa9\xc3\xa9x\""), "longer than 4 bytes");
  EXPECT_EQ(judge(field, "\"\""), "ok");
}

TEST(RowCodec, ARowComesOutAsOneFlatObject) {
  domain::Row row;
  row.id = "0190a5d0-0000-7000-8000-000000000000";
  row.created_at = test_time("2026-11-22T16:50:00Z");
  row.updated_at = test_time("2026-11-22T16:50:00.250Z");
  row.values = {
      std::string("a"),
      std::string("open"),
      {},
      std::string("2026-11-22T16:50:00Z"),
      std::int64_t{3},
      1.5,
      true,
      {},
      std::string("s"),
  };
  EXPECT_EQ(
      codec::to_text(encode_row(test_collection(), row)),
      R"({"id":"0190a5d0-0000-7000-8000-000000000000","title":"a","status":"open","due":null,)"
      R"("at":"2026-11-22T16:50:00Z","count":3,"price":1.5,"urgent":true,"color":null,"slug":"s",)"
      R"("created_at":"2026-11-22T16:50:00Z","updated_at":"2026-11-22T16:50:00.250Z"})"
  );
}

}  // namespace
}  // namespace keystead::data
