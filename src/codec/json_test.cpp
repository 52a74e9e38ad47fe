#include "codec/json.hpp"

#include <gtest/gtest.h>

namespace keystead::codec {
namespace {

bool accepts(std::string_view text) {
  return parse_json(text).has_value();
}

TEST(Json, ReadsAValueOfEachKind) {
  auto value = parse_json(R"({"a":[1,-2,3.5,true,false,null,"x\u00e9"]})");
  ASSERT_TRUE(value);
  EXPECT_EQ(to_text(*value), "{\"a\":[1,-2,3.5,true,false,null,\"x\xc3\xa9\"]}");
}

TEST(Json, Attack84RefusesDuplicateNames) {
  EXPECT_FALSE(accepts(R"({"a":1,"a":2})"));
  EXPECT_FALSE(accepts(R"({"a":1,"\u0061":2})")) << "an escape does not make another name";
  EXPECT_FALSE(accepts(R"({"o":{"a":1,"b":2,"a":3}})"));
  EXPECT_TRUE(accepts(R"({"a":{"a":1},"b":{"a":1}})")) << "one name in two objects is fine";
  EXPECT_TRUE(accepts(R"({"a":1,"A":2})")) << "names are case-sensitive";
}

TEST(Json, RefusesADuplicateInALongObject) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_TRUE(accepts(text + "\"last\":1}"));
  EXPECT_FALSE(accepts(text + "\"k7\":1}"));
  EXPECT_FALSE(accepts(text + "\"k99\":1}"));
}

TEST(Json, Attack85RefusesDeepNestingLoneSurrogatesAndBrokenText) {
  EXPECT_TRUE(accepts(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(accepts(std::string(65, '[') + std::string(65, ']')));
  EXPECT_FALSE(accepts(std::string(1'000'000, '[')));
  EXPECT_FALSE(accepts(R"("\ud800")"));
  EXPECT_FALSE(accepts(R"("\udc00\ud800")"));
  EXPECT_TRUE(accepts(R"("\ud83d\ude00")"));
  EXPECT_FALSE(accepts("\"\xff\""));
  EXPECT_FALSE(accepts("\"\xc0\xaf\""));
  EXPECT_FALSE(accepts("\"\xed\xa0\x80\""));
  EXPECT_FALSE(accepts(std::string_view("\"a\0b\"", 5)));
  EXPECT_FALSE(accepts("\"a\nb\""));
}

TEST(Json, RefusesWhatIsNotOneValue) {
  for (auto text : {"",    " ",     "{",       "{}{}",      "[1,]", "{\"a\":1,}", "01",
                    "+1",  ".5",    "1.",      "1e",        "NaN",  "Infinity",   "nul",
                    "'a'", "{a:1}", "// c\n1", "/* c */ 1", "1 2",  "[1] x",      "\xef\xbb\xbf{}",
                    "-",   "--1",   "0x10",    "1e400"}) {
    EXPECT_FALSE(accepts(text)) << text;
  }
  for (auto text :
       {"1", " 1 ", "\n{}\n", "\"\"", "true", "-0", "1e10", "123456789012345678901234567890"}) {
    EXPECT_TRUE(accepts(text)) << text;
  }
}

TEST(Json, NumbersAreWrittenAsPeopleWriteThem) {
  for (auto text :
       {"0", "-7", "1.5", "24", "1e+300", "18446744073709551615", "0.1", "{}", "[]", "[{}]"}) {
    EXPECT_EQ(to_text(*parse_json(text)), text);
  }
}

TEST(Json, AppendQuotedEscapesWhatMustBe) {
  std::string out;
  append_quoted(out, "a\"b\\c\n\x01\x1f é");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\u0001\\u001f é\"");
  EXPECT_TRUE(accepts(out));
}

TEST(Json, AppendQuotedSurvivesEveryCharacterAtEveryPlace) {
  for (std::size_t length : {1u, 2u, 7u, 511u, 512u, 513u, 1025u}) {
    for (char c = 1; c < 0x7f; ++c) {
      std::string text(length, 'x');
      text[length / 2] = c;
      text.back() = c;
      std::string out = "[";
      append_quoted(out, text);
      auto read = parse_json(out + "]");
      ASSERT_TRUE(read) << out;
      EXPECT_EQ(read->at(0).get_string(), text);
    }
  }
}

TEST(Json, SaysWhereAnObjectIsAmbiguous) {
  auto failed = parse_json(R"({"a":{"b":1},"a":2})");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().public_text, "duplicate member name at byte 15");
  EXPECT_FALSE(accepts(R"({"a":1,"a":{"b":1,"b":2}})"));
  EXPECT_FALSE(accepts(R"([[{"a":{"b":[{"c":1,"c":1}]}}]])"));
}

}  // namespace
}  // namespace keystead::codec
