#include "app/config/text_form.hpp"

#include <gtest/gtest.h>

#include "app/config/environment.hpp"
#include "app/config/nearest.hpp"

namespace keystead::app {
namespace {

// What is written for the text that was read; "-" if it was refused.
template <class T>
std::string round(std::string_view text) {
  auto value = TextForm<T>::parse(text);
  return value ? TextForm<T>::write(*value) : "-";
}

TEST(TextForm, Sizes) {
  EXPECT_EQ(round<ByteSize>("1MiB"), "1MiB");
  EXPECT_EQ(round<ByteSize>("1024"), "1KiB");
  EXPECT_EQ(round<ByteSize>("1500B"), "1500B");
  EXPECT_EQ(round<ByteSize>("0"), "0B");
  for (auto text :
       {"", "MiB", "-1", "1MB", "1 MiB", "1.5MiB", "99999999999999999999", "99999999GiB"}) {
    EXPECT_EQ(round<ByteSize>(text), "-") << text;
  }
}

TEST(TextForm, LengthsOfTime) {
  EXPECT_EQ(round<std::chrono::seconds>("90s"), "90s");
  EXPECT_EQ(round<std::chrono::seconds>("60s"), "1m");
  EXPECT_EQ(round<std::chrono::seconds>("14d"), "2w");
  EXPECT_EQ(round<std::chrono::seconds>("0s"), "-");
  EXPECT_EQ(round<std::chrono::seconds>("10"), "-");
}

TEST(TextForm, ListenAddresses) {
  for (auto text : {"127.0.0.1:8080", "0.0.0.0:0", "[::]:8080", "[::1]:65535"}) {
    EXPECT_EQ(round<ListenAddress>(text), text);
  }
  for (auto text :
       {"",
        ":8080",
        "8080",
        "localhost:80",
        "::1:80",
        "[127.0.0.1]:80",
        "1.2.3.4:65536",
        "1.2.3.4:",
        "1.2.3.4:-1",
        "1.2.3.4",
        "[::1]"}) {
    EXPECT_EQ(round<ListenAddress>(text), "-") << text;
  }
}

TEST(TextForm, UrlsAreAbsoluteAndWrittenInOneWay) {
  EXPECT_EQ(round<Url>("https://Mcp.Example.com"), "https://mcp.example.com");
  EXPECT_EQ(round<Url>("HTTP://a:80/x/"), "http://a/x");
  EXPECT_EQ(round<Url>("http://[::1]:8080/"), "http://[::1]:8080");
  for (auto text :
       {"",
        "a.example",
        "//a",
        "ftp://a",
        "https://",
        "https://u@a",
        "https://a?b",
        "https://a#b",
        "https://a:0",
        "https://a:x",
        "https://a/b c",
        "https://a/\"",
        "javascript://a\n",
        "https://a\\b",
        "https://[a]"}) {
    EXPECT_EQ(round<Url>(text), "-") << text;
  }
  EXPECT_EQ(Url{"https://a.example/x/y"}.origin().text, "https://a.example");
}

TEST(TextForm, AnOriginHasNoPath) {
  EXPECT_EQ(round<Origin>("https://App.example.com:443"), "https://app.example.com");
  EXPECT_EQ(round<Origin>("http://localhost:5173"), "http://localhost:5173");
  for (auto text : {"*", "null", "https://a/", "https://*.a"})
    EXPECT_EQ(round<Origin>(text), "-") << text;
}

std::string expanded(std::string_view text) {
  auto out = expand(text, {{"A", "one"}, {"EMPTY", ""}, {"NEST", "${A}"}});
  return out.mistakes.empty() ? out.text : "! " + out.mistakes.front();
}

TEST(Environment, ReferencesAreReplaced) {
  EXPECT_EQ(expanded("plain $A {A} $"), "plain $A {A} $");
  EXPECT_EQ(expanded("<${A}${A}>"), "<oneone>");
  EXPECT_EQ(expanded("${B:-two}"), "two");
  EXPECT_EQ(expanded("${EMPTY:-two}"), "two");
  EXPECT_EQ(expanded("${EMPTY}|${B:-}"), "|");
  EXPECT_EQ(expanded("${NEST}"), "${A}") << "what a variable holds is not expanded again";
  EXPECT_EQ(expanded("a $${A} b"), "a ${A} b");
  EXPECT_EQ(expanded("${B}"), "! environment variable B is not set");
}

TEST(Nearest, FindsWhatWasMeantAndNothingElse) {
  std::vector<std::string> names{"format", "headers", "scopes", "implies"};
  EXPECT_EQ(nearest("formt", names), "format");
  EXPECT_EQ(nearest("fromat", names), "format");
  EXPECT_EQ(nearest("Scopes", names), "scopes");
  EXPECT_EQ(nearest("zebra", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
}

}  // namespace
}  // namespace keystead::app
