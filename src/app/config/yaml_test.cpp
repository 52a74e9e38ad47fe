#include "app/config/yaml.hpp"

#include <gtest/gtest.h>

namespace keystead::app {
namespace {

std::string show(YamlNode const& node) {
  std::string out;
  switch (node.kind) {
    case YamlNode::Kind::null: return "~";
    case YamlNode::Kind::scalar: return node.quoted ? "\"" + node.text + "\"" : node.text;
    case YamlNode::Kind::list:
      for (auto const& item : node.items) out += (out.empty() ? "" : ",") + show(item);
      return "[" + out + "]";
    case YamlNode::Kind::map:
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        out += (i == 0 ? "" : ",") + show(node.keys[i]) + "@" + std::to_string(node.keys[i].line) +
               ":" + show(node.items[i]);
      }
      return "{" + out + "}";
  }
  return out;
}

std::string read(std::string_view text, YamlLimits const& limits = {}) {
  auto node = read_yaml(text, limits);
  return node ? show(*node) : std::to_string(node.error().line) + ": " + node.error().text;
}

TEST(Yaml, RemembersLinesOrderAndQuotes) {
  EXPECT_EQ(read("b: 1\na:\n  - \"1\"\n  - 'x'\n  -\nc: ~\n"), "{b@1:1,a@2:[\"1\",\"x\",~],c@6:~}");
  EXPECT_EQ(
      read(
          "\xEF\xBB\xBF"
          "a: 1\n"
      ),
      "{a@1:1}"
  ) << "a byte order mark is no part of the text";
}

TEST(Yaml, KeepsBothOfTwoEqualKeysForItsReader) {
  EXPECT_EQ(read("a: 1\na: 2\n"), "{a@1:1,a@2:2}");
}

TEST(Yaml, AnAliasIsACopy) {
  EXPECT_EQ(read("a: &x {k: [1, 2]}\nb: *x\n"), "{a@1:{k@1:[1,2]},b@2:{k@1:[1,2]}}");
}

TEST(Yaml, ABombOfAliasesIsRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) text += (j == 0 ? "" : ", ") + before;
    text += "]\n";
  }
  EXPECT_EQ(read(text), "5: more than 100000 values, aliases followed");
}

TEST(Yaml, ABombOfALongTextIsRefused) {
  std::string text = "a: &a " + std::string(500'000, 'x') + "\nb: [*a";
  for (int i = 0; i < 20'000; ++i) text += ",*a";
  EXPECT_EQ(read(text + "]\n"), "2: more than 100000 values, aliases followed");
}

TEST(Yaml, AnEndlessTreeIsRefused) {
  EXPECT_EQ(read("a: &a [1, *a]\n"), "1: an alias stands inside its own anchor");
}

TEST(Yaml, DeepNestingIsRefused) {
  EXPECT_EQ(read(std::string(33, '[') + std::string(33, ']')), "1: nested deeper than 32 levels");
  EXPECT_EQ(read(std::string(32, '[') + std::string(32, ']')).size(), 64U);
  EXPECT_EQ(read(std::string(100'000, '[')), "1: nested deeper than 32 levels");
}

TEST(Yaml, ALargeFileAndOneThatIsNotTextAreRefused) {
  EXPECT_EQ(read(std::string((1U << 20) + 1, '#')), "1: the file is larger than 1024 KiB");
  EXPECT_EQ(read("a: 1\nb: \xff\n"), "2: not UTF-8");
  EXPECT_EQ(read(std::string_view("a: 1\n\n\0", 7)), "3: a NUL byte");
}

}  // namespace
}  // namespace keystead::app
