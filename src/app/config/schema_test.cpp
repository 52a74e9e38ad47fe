#include <fstream>
#include <iterator>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "app/config/config.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

std::string at(std::string_view pointer) {
  json::value schema = config_schema();
  boost::json::error_code error;
  auto const* found = schema.find_pointer(json::string_view(pointer.data(), pointer.size()), error);
  return found ? codec::to_text(*found) : "absent";
}

TEST(ConfigSchema, SaysWhatItIs) {
  EXPECT_EQ(at("/$schema"), "\"https://json-schema.org/draft/2020-12/schema\"");
  EXPECT_EQ(at("/additionalProperties"), "false");
}

TEST(ConfigSchema, DescribesAFieldWithItsBoundsAndDefault) {
  EXPECT_EQ(
      at("/properties/limits/properties/workers"),
      R"({"description":"Threads for requests that touch the database.","type":["integer","string"],)"
      R"("pattern":"\\$\\{","minimum":1,"maximum":256,"default":8})"
  );
  EXPECT_EQ(
      at("/properties/log/properties/requests"),
      R"({"description":"Which requests are logged.","anyOf":[{"enum":["none","denied","all"]},)"
      R"({"type":"string","pattern":"\\$\\{"}],"default":"denied"})"
  );
  EXPECT_EQ(at("/properties/listen/properties/address/default"), "\"127.0.0.1:8080\"");
  EXPECT_EQ(at("/properties/listen/properties/tls/required"), R"(["certificate","key"])");
}

TEST(ConfigSchema, DescribesCollectionsByName) {
  std::string collections = "/properties/collections";
  EXPECT_EQ(at(collections + "/propertyNames"), R"({"pattern":"^[a-z][a-z0-9_]{0,62}$"})");
  EXPECT_EQ(at(collections + "/additionalProperties/required"), R"(["fields"])");
  std::string field =
      collections + "/additionalProperties/properties/fields/additionalProperties/anyOf";
  EXPECT_EQ(at(field + "/0/type"), "\"string\"");
  EXPECT_EQ(at(field + "/1/type"), "\"array\"");
  EXPECT_EQ(at(field + "/2/properties/max/default"), "65536");
}

TEST(ConfigSchema, DescribesDenialsRulesAndLimits) {
  std::string denials = "/properties/denials";
  EXPECT_NE(at(denials + "/propertyNames/enum").find("\"tenant_required\""), std::string::npos);
  EXPECT_EQ(at(denials + "/additionalProperties/properties/status/minimum"), "400");
  EXPECT_EQ(at(denials + "/additionalProperties/properties/rpc/required"), R"(["code","message"])");
  EXPECT_EQ(at("/properties/rules/additionalProperties/required"), R"(["tools"])");
  EXPECT_EQ(at("/properties/rate_limits/properties/address/default"), "\"300/1m\"");
  EXPECT_EQ(at("/properties/rate_limits/properties/key/default"), "absent");
  EXPECT_EQ(at("/properties/keys/properties/scopeless/anyOf/0/enum"), R"(["full","refused"])");
  EXPECT_EQ(
      at("/properties/issuers/additionalProperties/properties/secret/pattern"), R"("\\$\\{")"
  );
}

// Every key that the schema knows is known to the reader: with a value of the wrong type the
// complaint is about the value.
void expect_known(
    json::object const& schema, std::string const& yaml_before, std::string const& yaml_after
) {
  auto const* properties = schema.if_contains("properties");
  if (!properties) return;
  for (auto const& [key, described] : properties->as_object()) {
    EXPECT_TRUE(described.as_object().contains("description")) << key;
    std::string before = yaml_before + "\"" + std::string(key) + "\": ";
    auto config = parse_config(before + "{ zzz: [[]] }" + yaml_after, "f", {});
    ASSERT_FALSE(config) << key;
    EXPECT_EQ(
        config.error().public_text.find(std::string(key) + ": unknown key"), std::string::npos
    ) << key;
    expect_known(described.as_object(), before + "{ ", " }" + yaml_after);
  }
}

// The row of the table for `path` in the section of docs/configuration.md, or "" if there is none.
std::string row_of(std::string_view section, std::string const& path) {
  std::size_t begin = section.find("\n| `" + path + "` |");
  if (begin == std::string_view::npos) return "";
  return std::string(section.substr(begin + 1, section.find('\n', begin + 1) - begin - 1));
}

void expect_rows(json::object const& schema, std::string_view section, std::string const& prefix) {
  for (auto const& [key, described] : schema.at("properties").as_object()) {
    std::string path = prefix + std::string(key);
    json::object const& said = described.as_object();
    if (said.contains("properties")) {
      expect_rows(said, section, path + ".");
      continue;
    }
    std::string row = row_of(section, path);
    EXPECT_NE(row, "") << path;
    auto const* usual = said.if_contains("default");
    if (!usual || usual->is_array()) continue;
    std::string text =
        usual->is_string() ? std::string(usual->get_string()) : codec::to_text(*usual);
    EXPECT_NE(row.find(text), std::string::npos) << path << " has another default: " << text;
  }
}

TEST(ConfigSchema, AndTheDocumentNameTheSameKeysAndDefaults) {
  std::ifstream file(KEYSTEAD_SOURCE_DIR "/docs/configuration.md");
  std::string document((std::istreambuf_iterator<char>(file)), {});
  json::object schema = config_schema();
  for (auto const& [key, described] : schema.at("properties").as_object()) {
    std::size_t begin = document.find("\n## " + std::string(key) + "\n");
    ASSERT_NE(begin, std::string::npos) << key;
    std::string section = document.substr(begin, document.find("\n## ", begin + 1) - begin);
    json::object const& said = described.as_object();
    if (said.contains("properties")) expect_rows(said, section, "");
    if (key == "keys") {
      expect_rows(
          said.at("properties").at("kinds").at("additionalProperties").as_object(),
          section,
          "kinds.NAME."
      );
    }
    if (key == "sign_in") {
      expect_rows(
          said.at("properties").at("providers").at("additionalProperties").as_object(),
          section,
          "providers.NAME."
      );
    }
    if (key == "denials" || key == "rules" || key == "issuers") {
      expect_rows(said.at("additionalProperties").as_object(), section, "");
    }
    if (key != "collections") continue;
    json::object const& collection = said.at("additionalProperties").as_object();
    expect_rows(collection, section, "");
    json::object const& field =
        collection.at("properties").at("fields").at("additionalProperties").as_object();
    expect_rows(field.at("anyOf").at(2).as_object(), section, "");
    json::object const& tool =
        collection.at("properties").at("tools").at("additionalProperties").as_object();
    expect_rows(tool.at("anyOf").at(1).as_object(), section, "");
  }
}

TEST(ConfigSchema, AndTheReaderKnowTheSameKeys) {
  expect_known(config_schema(), "{ ", " }");
}

}  // namespace
}  // namespace keystead::app
