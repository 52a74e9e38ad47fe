// The configurations under examples/: each is whole, with and without what the environment adds.
// What their callers see is replayed over sockets in tests/e2e.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include <gtest/gtest.h>

#include "app/config/config.hpp"
#include "app/service.hpp"

namespace keystead::app {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> examples() {
  std::vector<std::string> files;
  for (auto const& entry : fs::directory_iterator(KEYSTEAD_SOURCE_DIR "/examples")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

std::string text_of(std::string const& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Config read(std::string const& path, Environment const& environment) {
  auto config = parse_config(text_of(path), path, environment);
  if (!config) ADD_FAILURE() << config.error().public_text;
  return config ? std::move(*config) : Config{};
}

// Every variable that the file names: a secret where it is called one, else an address.
Environment full_environment(std::string const& text) {
  static std::regex const kReference(R"(\$\{([A-Z_]+))");
  Environment environment;
  for (std::sregex_iterator at(text.begin(), text.end(), kReference), end; at != end; ++at) {
    std::string name = (*at)[1];
    bool is_secret = name.ends_with("SECRET");
    environment[name] = is_secret ? "q7Jx0mVZr3nTg5YkLw8HcS2bEoD1uAfI6PXt9RvMzQs"
                                  : "https://" + std::to_string(name.size()) + ".example.com";
  }
  return environment;
}

class Examples : public testing::TestWithParam<std::string> {
 protected:
  static void expect_whole(Config const& config) {
    auto checked = Service::check(config);
    EXPECT_TRUE(checked) << checked.error().public_text;
    EXPECT_FALSE(config.collections.empty());
    for (auto const& each : config.collections) {
      EXPECT_FALSE(each.collection.description.empty()) << each.collection.name;
      EXPECT_FALSE(each.samples.empty()) << each.collection.name;
    }
  }
};

TEST_P(Examples, NeedNothingOfTheEnvironment) {
  Config config = read(GetParam(), {});
  expect_whole(config);
  EXPECT_TRUE(config.issuers.empty());
}

TEST_P(Examples, TakeTheirIssuersFromTheEnvironment) {
  std::string text = text_of(GetParam());
  Config config = read(GetParam(), full_environment(text));
  expect_whole(config);
  EXPECT_EQ(config.issuers.empty(), !text.contains("\nissuers:"));
  for (auto const& issuer : config.issuers) {
    EXPECT_TRUE(issuer.issuer.starts_with("https://")) << issuer.name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Examples, testing::ValuesIn(examples()), [](auto const& info) {
  return fs::path(info.param).stem().string();
});

}  // namespace
}  // namespace keystead::app
