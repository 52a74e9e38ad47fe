#include "data/row_query.hpp"

#include <gtest/gtest.h>

#include "codec/json.hpp"
#include "data/test_collection.hpp"

namespace keystead::data {
namespace {

std::string show(domain::FieldValue const& value) {
  if (auto const* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (auto const* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (auto const* number = std::get_if<double>(&value)) return codec::to_text(*number);
  if (auto const* text = std::get_if<std::string>(&value)) return "'" + *text + "'";
  return "null";
}

// A query as one text: "status = 'open' and due >= '2026-01-01' by -due limit 20 after c".
std::string show(Result<store::RowQuery> const& query) {
  if (!query) {
    EXPECT_EQ(query.error().code, Code::invalid_request);
    return query.error().public_text;
  }
  constexpr char const* kSigns[] = {" = ", " != ", " < ", " <= ", " > ", " >= ", " contains "};
  std::string text;
  for (auto const& condition : query->conditions) {
    if (!text.empty()) text += "and ";
    text += condition.field + kSigns[static_cast<std::size_t>(condition.comparison)];
    text += show(condition.value) + " ";
  }
  text += "by " + std::string(query->descending ? "-" : "") + query->sort;
  text += " limit " + std::to_string(query->limit);
  return query->cursor.empty() ? text : text + " after " + query->cursor;
}

std::string arguments(std::string_view text) {
  return show(decode_query(test_collection(), codec::parse_json(text).value().as_object()));
}

std::string parameters(std::string_view text) {
  return show(parse_query(test_collection(), text));
}

TEST(RowQuery, WithoutArgumentsItIsTheFirstPage) {
  EXPECT_EQ(arguments("{}"), "by id limit 50");
  EXPECT_EQ(parameters(""), "by id limit 50");
}

TEST(RowQuery, ReadsTheArgumentsOfATool) {
  EXPECT_EQ(
      arguments(R"({"filter":{"status":"open","due":{"gte":"2026-01-01","lt":"2027-01-01"},
                    "title":{"contains":"x"},"count":3,"price":{"gt":1},"urgent":true,
                    "color":{"is_null":true},"slug":{"is_null":false}},
                    "sort":"-due","limit":20,"cursor":"c"})"),
      "status = 'open' and due >= '2026-01-01' and due < '2027-01-01' and title contains 'x' and "
      "count = 3 and price > 1 and urgent = true and color = null and slug != null "
      "by -due limit 20 after c"
  );
}

TEST(RowQuery, ReadsAQueryString) {
  EXPECT_EQ(
      parameters(
          "status=open&due.gte=2026-01-01&title.contains=a%26b+c&count=3&price.lte=1.5"
          "&urgent=false&color.is_null=true&sort=-due&limit=20&cursor=c"
      ),
      "status = 'open' and due >= '2026-01-01' and title contains 'a&b c' and count = 3 and "
      "price <= 1.5 and urgent = false and color = null by -due limit 20 after c"
  );
}

TEST(RowQuery, FiltersByTheTimesOfARow) {
  EXPECT_EQ(
      parameters("created_at.gte=2026-01-01T00:00:00Z&sort=updated_at"),
      "created_at >= '2026-01-01T00:00:00Z' by updated_at limit 50"
  );
  EXPECT_EQ(
      arguments(R"({"filter":{"updated_at":{"is_null":true}}})"),
      "filter.updated_at.is_null: no such operator; updated_at has eq, ne, lt, lte, gt, gte"
  );
}

TEST(RowQuery, NamesWhatIsWrongWithTheArguments) {
  struct Sample {
    char const* text;
    char const* error;
  };
  for (auto [text, error] : std::initializer_list<Sample>{
           {R"({"filter":{"status":"later"}})", "filter.status: must be one of open, done"},
           {R"({"filter":{"colour":"red"}})", "filter.colour: no such field; nearest: color"},
           {R"({"filter":{"due":{"gte":"soon"}}})", "filter.due.gte: not a date (YYYY-MM-DD)"},
           {R"({"filter":{"due":{"contains":"2026"}}})",
            "filter.due.contains: no such operator; due has eq, ne, lt, lte, gt, gte, is_null"},
           {R"({"filter":{"urgent":{"lt":true}}})",
            "filter.urgent.lt: no such operator; urgent has eq, ne, is_null"},
           {R"({"filter":{"due":null}})", "filter.due: null is compared with is_null"},
           {R"({"filter":{"due":{"eq":null}}})", "filter.due.eq: null is compared with is_null"},
           {R"({"filter":{"due":{"is_null":1}}})", "filter.due.is_null: not true or false"},
           {R"({"filter":{"due":{}}})", "filter.due: no operator"},
           {R"({"filter":{"due":["2026-01-01"]}})", "filter.due: not a date (YYYY-MM-DD)"},
           {R"({"filter":{"count":"1"}})", "filter.count: not an integer"},
           {R"({"filter":"status=open"})", "filter: not an object"},
           {R"({"filter":{"id":"x"}})", "filter.id: no such field"},
           {R"({"status":"open"})", "status: no such argument; fields go into filter"},
           {R"({"filters":{}})", "filters: no such argument; nearest: filter"},
           {R"({"sort":"color desc"})",
            "sort: must be a field, id, created_at or updated_at, with or without -"},
           {R"({"sort":"--due"})",
            "sort: must be a field, id, created_at or updated_at, with or without -"},
           {R"({"sort":1})", "sort: not text"},
           {R"({"cursor":1})", "cursor: not text"},
           {R"({"limit":0})", "limit: must be 1 to 200"},
           {R"({"limit":201})", "limit: must be 1 to 200"},
           {R"({"limit":-1})", "limit: must be 1 to 200"},
           {R"({"limit":"20"})", "limit: not an integer"},
           {R"({"limit":1.5,"sort":"x","filter":{"y":1}})",
            "limit: not an integer; sort: must be a field, id, created_at or updated_at, with or "
            "without -; filter.y: no such field"},
       }) {
    EXPECT_EQ(arguments(text), error) << text;
  }
}

TEST(RowQuery, NamesWhatIsWrongWithTheParameters) {
  struct Sample {
    char const* text;
    char const* error;
  };
  for (auto [text, error] : std::initializer_list<Sample>{
           {"status=later", "status: must be one of open, done"},
           {"colour=red", "colour: no such parameter; nearest: color"},
           {"limt=1", "limt: no such parameter; nearest: limit"},
           {"due.gte=soon", "due.gte: not a date (YYYY-MM-DD)"},
           {"due.gte.lt=2026-01-01",
            "due.gte.lt: no such operator; due has eq, ne, lt, lte, gt, gte, is_null"},
           {"due.=2026-01-01", "due.: no such operator; due has eq, ne, lt, lte, gt, gte, is_null"},
           {"due=", "due: not a date (YYYY-MM-DD)"},
           {"due.is_null=yes", "due.is_null: not true or false"},
           {"status=open&status=done", "status: given twice"},
           {"sort=due&sort=title", "sort: given twice"},
           {"st%61tus=open&status=open", "status: given twice"},
           {"limit=all", "limit: not an integer"},
           {"limit=0", "limit: must be 1 to 200"},
           {"limit=", "limit: not an integer"},
           {"=open", ": no such parameter"},
           {"title=%ff", "the query string is not well-formed or has more than 64 parameters"},
           {"title=%00", "the query string is not well-formed or has more than 64 parameters"},
           {"title=%2", "the query string is not well-formed or has more than 64 parameters"},
           {"limit=x&due=y&zebra=z",
            "limit: not an integer; due: not a date (YYYY-MM-DD); zebra: no such parameter"},
       }) {
    EXPECT_EQ(parameters(text), error) << text;
  }
}

TEST(RowQuery, Attack139AParameterIsOnlyWhatItsTypeWrites) {
  for (auto text :
       {"+1", "%201", "1%20", "01", "0x1", "1.5", "true", "", "1e", "\"1\"", "%2B1", "1%0A"}) {
    EXPECT_EQ(parameters("count=" + std::string(text)), "count: not an integer") << text;
  }
  for (auto text : {"NaN", "inf", "Infinity", "1e400", "0x10", ".5", "1.", "1%20", "1,5"}) {
    EXPECT_EQ(parameters("price=" + std::string(text)), "price: not a number") << text;
  }
  for (auto text : {"1", "0", "True", "yes", "", "%20true", "null"}) {
    EXPECT_EQ(parameters("urgent=" + std::string(text)), "urgent: not true or false") << text;
  }
  EXPECT_EQ(parameters("title=1"), "title = '1' by id limit 50");
  EXPECT_EQ(parameters("count=-7"), "count = -7 by id limit 50");
}

TEST(RowQuery, Attack10ATenantParameterIsRefusedAsUnknown) {
  EXPECT_EQ(parameters("tenant=b"), "tenant: no such parameter");
  EXPECT_EQ(parameters("tenant_id.eq=b"), "tenant_id.eq: no such parameter");
  EXPECT_EQ(arguments(R"({"tenant":"b"})"), "tenant: no such argument");
  EXPECT_EQ(arguments(R"({"filter":{"tenant":"b"}})"), "filter.tenant: no such field");
  auto refused = refuse_parameters("tenant=b&x=1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().public_text, "tenant: no such parameter; x: no such parameter");
  EXPECT_TRUE(refuse_parameters(""));
}

TEST(RowQuery, AFieldMayBeCalledLikeAParameter) {
  domain::Collection cards;
  cards.name = "cards";
  cards.fields = {test_field("limit", domain::FieldType::integer)};
  EXPECT_EQ(show(parse_query(cards, "limit.eq=500&limit=7")), "limit = 500 by id limit 7");
}

TEST(RowQuery, TheNumberOfConditionsIsBounded) {
  domain::Collection wide;
  wide.name = "wide";
  std::string text = "{\"filter\":{";
  for (int i = 0; i < 33; ++i) {
    std::string name = "f" + std::to_string(i);
    wide.fields.push_back(test_field(name, domain::FieldType::boolean));
    text += (i ? ",\"" : "\"") + name + "\":true";
  }
  auto query = decode_query(wide, codec::parse_json(text + "}}").value().as_object());
  ASSERT_FALSE(query);
  EXPECT_EQ(query.error().public_text, "filter: more than 32 conditions");
}

TEST(RowQuery, TheTextToLookForIsBounded) {
  std::string longest(1024, 'x');
  EXPECT_TRUE(parse_query(test_collection(), "color.contains=" + longest));
  EXPECT_EQ(parameters("color.contains=x" + longest), "color.contains: longer than 1024 bytes");
}

}  // namespace
}  // namespace keystead::data
