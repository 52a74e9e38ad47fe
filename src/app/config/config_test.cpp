#include "app/config/config.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <stdlib.h>

namespace keystead::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

Config read(std::string_view text, Environment const& environment = {}) {
  auto config = parse_config(text, "keystead.yaml", environment);
  if (!config) ADD_FAILURE() << config.error().public_text;
  return config ? std::move(*config) : Config{};
}

constexpr char kProduct[] = R"(
service: { name: ops, title: Ops, url: "https://OPS.example.com:443/", instructions: Ask first. }
tenant: [organization, project]
keys:
  format: "nk_{env:live|test}_{id:8}_{secret:32}"
  headers: [authorization]
  scopes: { "mcp:read": Read, "mcp:write": Read + Write }
  implies: { "mcp:write": ["mcp:read"] }
  default_scopes: ["mcp:read"]
listen: { address: "[::1]:0", tls: { certificate: tls/cert.pem, key: /etc/key.pem } }
limits: { body: 2MiB, header: 8192, workers: 16, deadlines: { idle: 2m }, ring: { keys_max: 5 } }
log: { level: warn, requests: all }
origins: ["https://app.example.com"]
collections:
  tasks:
    description: Things to do.
    fields:
      title: text!
      status: [open, done]
      due: date
      estimate: { type: number, default: 1.5, description: Hours. }
      code: { type: text!, unique: true, max: 20 }
      state: { choices: [a, b], default: b, required: true }
    read: "mcp:read"
    write: "mcp:write"
    samples:
      - { title: One, code: X1, due: 2026-11-22 }
      - { title: "2", code: X2, status: done, estimate: 3, state: a }
tools: [whoami]
mcp: { page_size: 7 }
)";

TEST(Config, ReadsAWholeProduct) {
  Config config = read(kProduct);
  EXPECT_EQ(config.service.name, "ops");
  EXPECT_EQ(config.service.url->text, "https://ops.example.com");
  EXPECT_EQ(config.service.instructions, "Ask first.");
  EXPECT_EQ(config.tenant.nouns, (std::vector<std::string>{"organization", "project"}));
  EXPECT_EQ(config.keys.format.environments(), (std::vector<std::string>{"live", "test"}));
  EXPECT_EQ(config.keys.headers, std::vector<std::string>{"authorization"});
  EXPECT_EQ(config.keys.default_scopes, std::vector<std::string>{"mcp:read"});
  EXPECT_EQ(config.listen.address, (ListenAddress{"::1", 0}));
  EXPECT_EQ(config.limits.body.bytes, 2U << 20);
  EXPECT_EQ(config.limits.header.bytes, 8192U);
  EXPECT_EQ(config.limits.workers, 16U);
  EXPECT_EQ(config.limits.deadlines.idle, seconds{120});
  EXPECT_EQ(config.limits.ring.keys_max, 5U);
  EXPECT_EQ(config.log.level, log::Level::warn);
  EXPECT_EQ(config.log.requests, RequestLog::all);
  EXPECT_EQ(config.origins, (std::vector<Origin>{{"https://app.example.com"}}));
  EXPECT_EQ(config.tools, std::vector<std::string>{"whoami"});
  EXPECT_EQ(config.mcp.page_size, 7U);
}

TEST(Config, ReadsFieldsInTheOrderOfTheFile) {
  auto const fields = read(kProduct).collections.at(0).collection.fields;
  std::string shown;
  for (auto const& field : fields) {
    shown += field.name + " " + std::to_string(static_cast<int>(field.type)) +
             (field.required ? " required" : "") + (field.unique ? " unique" : "") +
             (field.default_value ? " default" : "") + " " + std::to_string(field.length_max) +
             "\n";
  }
  EXPECT_EQ(
      shown,
      "title 0 required 65536\n"
      "status 6 65536\n"
      "due 4 65536\n"
      "estimate 2 default 65536\n"
      "code 0 required unique 20\n"
      "state 6 required default 65536\n"
  );
  EXPECT_EQ(fields[1].choices, (std::vector<std::string>{"open", "done"}));
  EXPECT_EQ(fields[3].description, "Hours.");
}

TEST(Config, SampleRowsAreTypedAndCompletedWithDefaults) {
  using Value = domain::FieldValue;
  auto const samples = read(kProduct).collections.at(0).samples;
  std::vector<std::vector<Value>> expected{
      {"One", {}, "2026-11-22", 1.5, "X1", "b"}, {"2", "done", {}, 3.0, "X2", "a"}
  };
  EXPECT_EQ(samples, expected);
}

TEST(Config, ScopesImplyAndAreAllTheDefault) {
  Config config = read("keys: { scopes: { a: A, b: B }, implies: { b: [a] } }");
  EXPECT_EQ(config.keys.default_scopes, (std::vector<std::string>{"a", "b"}));
  std::vector<std::string> wanted{"b"};
  auto set = config.scope_catalog.resolve(wanted);
  ASSERT_TRUE(set);
  EXPECT_EQ(config.scope_catalog.names(*set), (std::vector<std::string>{"a", "b"}));
}

TEST(Config, AnEmptyListOfDefaultScopesGrantsNothing) {
  Config config = read("keys: { scopes: { a: A }, default_scopes: [] }");
  EXPECT_EQ(config.keys.default_scopes, std::vector<std::string>{});
}

TEST(Config, DefaultsHoldWhereTheFileSaysNothing) {
  Config config = read("{}");
  EXPECT_EQ(config.listen.address, (ListenAddress{"127.0.0.1", 8080}));
  EXPECT_EQ(config.keys.headers, (std::vector<std::string>{"authorization", "x-api-key"}));
  EXPECT_EQ(config.keys.format.grammar(), "ks_{secret:40}{crc}");
  EXPECT_EQ(config.limits.body.bytes, 1U << 20);
  EXPECT_EQ(config.limits.ring.negative_ttl, seconds{5});
  EXPECT_FALSE(config.service.url);
  EXPECT_FALSE(config.origins);
  EXPECT_FALSE(config.keys.pepper);
}

TEST(Config, PathsBeginAtTheFolderOfTheFile) {
  auto config = parse_config(
      "listen: { tls: { certificate: tls/cert.pem, key: /etc/key.pem } }",
      "/etc/keystead/a.yaml",
      {}
  );
  ASSERT_TRUE(config);
  EXPECT_EQ(config->listen.tls->certificate, "/etc/keystead/tls/cert.pem");
  EXPECT_EQ(config->listen.tls->key, "/etc/key.pem");
}

TEST(Config, TakesValuesOfEveryTypeFromTheEnvironment) {
  Environment environment{{"PORT", "9000"}, {"WORKERS", "3"}, {"URGENT", "true"}};
  Config config = read(
      "listen: { address: \"127.0.0.1:${PORT}\" }\n"
      "limits: { workers: \"${WORKERS}\", io_threads: \"${IO:-2}\" }\n"
      "collections: { a: { fields: { b: { type: boolean, default: \"${URGENT}\" } } } }\n",
      environment
  );
  EXPECT_EQ(config.listen.address.port, 9000);
  EXPECT_EQ(config.limits.workers, 3U);
  EXPECT_EQ(config.limits.io_threads, 2U);
  EXPECT_EQ(config.collections[0].collection.fields[0].default_value, domain::FieldValue(true));
}

TEST(Config, WhatTheEnvironmentHoldsIsNotYaml) {
  Config config = read("service: { title: \"${TITLE}\" }", {{"TITLE", "x }\nkeys: { a: ${B}"}});
  EXPECT_EQ(config.service.title, "x }\nkeys: { a: ${B}");
}

constexpr char kPepper[] = "q7Jx0mVZr3nTg5YkLw8HcS2bEoD1uAfI6PXt9RvMzQs";

TEST(Config, ThePepperComesFromTheEnvironmentOrAFile) {
  Config config = read("keys: { pepper: \"${KEYSTEAD_PEPPER}\" }", {{"KEYSTEAD_PEPPER", kPepper}});
  ASSERT_TRUE(config.keys.pepper);
  EXPECT_EQ(config.keys.pepper->reveal(), kPepper);

  auto folder = fs::temp_directory_path() / ("keystead-config-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "pepper") << kPepper << '\n';
  auto from_file = parse_config("keys: { pepper_file: pepper }", (folder / "a.yaml").string(), {});
  fs::remove_all(folder);
  ASSERT_TRUE(from_file) << from_file.error().public_text;
  EXPECT_TRUE(from_file->keys.pepper->reveal().starts_with(kPepper));
}

TEST(Config, AnchorsAndAliasesWork) {
  Config config = read(
      "collections:\n"
      "  a: { fields: &fields { x: text, y: date } }\n"
      "  b: { fields: *fields }\n"
  );
  EXPECT_EQ(config.collections.at(1).collection.fields.at(1).name, "y");
}

TEST(Config, TheDemoIsValidAndWhatItSaysItIs) {
  auto config = load_config(KEYSTEAD_SOURCE_DIR "/examples/demo.yaml");
  ASSERT_TRUE(config) << config.error().public_text;
  std::string shown;
  for (auto const& each : config->collections) {
    EXPECT_FALSE(each.collection.description.empty());
    EXPECT_EQ(each.collection.read_scope, "data:read");
    EXPECT_EQ(each.collection.write_scope, "data:write");
    EXPECT_GE(each.samples.size(), 5U);
    shown += each.collection.name + " ";
  }
  EXPECT_EQ(shown, "tasks contacts notes ");
  EXPECT_TRUE(config->keys.format.environments().empty());
  EXPECT_EQ(config->tools, std::vector<std::string>{"whoami"});
}

TEST(Config, AFileThatIsNotThereSaysSo) {
  auto config = load_config("/nowhere/keystead.yaml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().public_text, "/nowhere/keystead.yaml: the file cannot be read");
  EXPECT_FALSE(load_config("/")) << "a folder is not a file";
}

}  // namespace
}  // namespace keystead::app
