#include "mcp/header_rules.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace keystead::mcp {
namespace {

json::object parse(std::string_view text) {
  return json::parse({text.data(), text.size()}).as_object();
}

// Whether a header "Mcp-Param-V" of this value may stand for {"v": body}.
bool mirrors(std::string_view value, std::string_view body) {
  std::vector<MirroredArgument> mirrored = {{"Mcp-Param-V", {"v"}}};
  std::vector<http::Header> headers = {{"mcp-param-v", value}};
  http::Request request;
  request.headers = headers;
  return check_mirrored_arguments(mirrored, request, parse(R"({"v":)" + std::string(body) + "}"))
      .has_value();
}

TEST(HeaderRules, APlainValueStandsForItself) {
  EXPECT_TRUE(mirrors("us-west1", R"("us-west1")"));
  EXPECT_FALSE(mirrors("US-west1", R"("us-west1")"));
  EXPECT_TRUE(mirrors("true", "true"));
  EXPECT_FALSE(mirrors("True", "true"));
  EXPECT_TRUE(mirrors("SGVsbG8=", R"("SGVsbG8=")"));
  EXPECT_TRUE(mirrors("=?base64?SGVsbG8=", R"("=?base64?SGVsbG8=")"))
      << "no suffix, so no sentinel";
  EXPECT_TRUE(mirrors("=?BASE64?SGVsbG8=?=", R"("=?BASE64?SGVsbG8=?=")"))
      << "the sentinel is case-sensitive";
  EXPECT_TRUE(mirrors("=?base64?=", R"("=?base64?=")")) << "prefix and suffix must not overlap";
}

TEST(HeaderRules, ASentinelIsDecoded) {
  EXPECT_TRUE(mirrors("=?base64?SGVsbG8=?=", R"("Hello")"));
  EXPECT_TRUE(mirrors("=?base64?SGVsbG8sIOS4lueVjA==?=", R"("Hello, 世界")"));
  EXPECT_TRUE(mirrors("=?base64?IHBhZGRlZCA=?=", R"(" padded ")"));
  EXPECT_TRUE(mirrors("=?base64?bGluZTEKbGluZTI=?=", R"("line1\nline2")"));
  EXPECT_TRUE(mirrors("=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=", R"("=?base64?literal?=")"));
  EXPECT_TRUE(mirrors("=?base64?NDI=?=", "42"));
}

TEST(HeaderRules, Attack89MalformedValuesAreRefused) {
  for (auto value :
       {"=?base64?SGVsbG8?=",
        "=?base64?SGVs!!!bG8=?=",
        "=?base64?SGVsbG8==?=",
        "=?base64?SGVsbG9=?=",
        "=?base64?====?=",
        "=?base64?SGVs bG8=?=",
        "H\x01llo",
        "=?base64?SGVsbG8=?= "}) {
    EXPECT_FALSE(mirrors(value, R"("Hello")")) << value;
  }
  EXPECT_FALSE(mirrors("h\xc3\xa9", R"("hé")")) << "text beyond ASCII must be encoded";
  EXPECT_FALSE(mirrors("=?base64?Pz8_?=", R"("???")")) << "the other alphabet of Base64";
  EXPECT_TRUE(mirrors("=?base64?Pz8/?=", R"("???")"));
}

TEST(HeaderRules, IntegersAreComparedAsNumbersAndExactly) {
  EXPECT_TRUE(mirrors("42", "42"));
  EXPECT_TRUE(mirrors("42.0", "42"));
  EXPECT_TRUE(mirrors("42", "42.0"));
  EXPECT_TRUE(mirrors("-7", "-7"));
  EXPECT_FALSE(mirrors("42.5", "42"));
  EXPECT_FALSE(mirrors("42.", "42"));
  EXPECT_FALSE(mirrors("0x2a", "42"));
  EXPECT_FALSE(mirrors("", "0"));
  EXPECT_FALSE(mirrors("42 ", "42"));
  EXPECT_FALSE(mirrors("9007199254740993", "9007199254740992")) << "equal as doubles";
}

TEST(HeaderRules, Attack89AHeaderAndAnArgumentComeTogetherOrNotAtAll) {
  std::vector<MirroredArgument> mirrored = {{"Mcp-Param-V", {"a", "v"}}};
  std::vector<http::Header> headers = {{"Mcp-Param-V", "x"}, {"Mcp-Param-V", "y"}};
  http::Request bare;
  http::Request one;
  one.headers = std::span(headers).first(1);
  http::Request two;
  two.headers = headers;
  auto passes = [&](http::Request const& request, std::string_view arguments) {
    return check_mirrored_arguments(mirrored, request, parse(arguments)).has_value();
  };
  EXPECT_TRUE(passes(one, R"({"a":{"v":"x"}})"));
  EXPECT_FALSE(passes(two, R"({"a":{"v":"x"}})"));
  EXPECT_FALSE(passes(bare, R"({"a":{"v":"x"}})"));
  EXPECT_FALSE(passes(one, R"({"a":{}})"));
  EXPECT_FALSE(passes(one, R"({"a":{"v":null}})"));
  EXPECT_FALSE(passes(one, R"({"v":"x"})"));
  EXPECT_TRUE(passes(bare, R"({"a":{"v":null}})"));
  EXPECT_TRUE(passes(bare, R"({"a":7})"));
  EXPECT_TRUE(passes(bare, R"({})"));
}

TEST(HeaderRules, OnlyAllowedAnnotationsCount) {
  auto found = find_mirrored_arguments(parse(R"({"type":"object","properties":{
    "a":{"type":"string","x-mcp-header":"A"},
    "b":{"type":"number","x-mcp-header":"B"},
    "c":{"type":"string","x-mcp-header":"C C"},
    "d":{"type":"string","x-mcp-header":""},
    "e":{"type":"array","items":{"type":"string","x-mcp-header":"E"}},
    "f":{"type":"object","properties":{"g":{"type":"integer","x-mcp-header":"G"}}},
    "h":{"oneOf":[{"type":"string","x-mcp-header":"H"}]}}})"));
  std::string text;
  for (auto const& [header, path] : found) {
    text += header + ":";
    for (auto const& name : path) text += "/" + name;
    text += " ";
  }
  EXPECT_EQ(text, "Mcp-Param-A:/a Mcp-Param-G:/f/g ");
}

}  // namespace
}  // namespace keystead::mcp
