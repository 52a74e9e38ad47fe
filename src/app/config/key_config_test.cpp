// The keys' part of the file: kinds, scopes that need not be named, the REST resource.
#include <gtest/gtest.h>

#include "app/config/config.hpp"

namespace keystead::app {
namespace {

Config read(std::string_view text, Environment const& environment = {}) {
  auto config = parse_config(text, "k.yaml", environment);
  if (!config) ADD_FAILURE() << config.error().public_text;
  return config ? std::move(*config) : Config{};
}

std::string mistakes(std::string_view text, Environment const& environment = {}) {
  auto config = parse_config(text, "k.yaml", environment);
  return config ? "none" : config.error().public_text;
}

std::string kinds_of(Config const& config) {
  std::string shown;
  for (auto const& kind : config.key_kinds.all()) {
    shown += kind.name + " " + kind.format.grammar() + (kind.tenant_bound ? " bound; " : "; ");
  }
  return shown;
}

TEST(KeyConfig, TheFirstKindIsTheTenants) {
  Config config = read(
      "keys:\n"
      "  format: \"npk_{secret:40}\"\n"
      "  kinds: { platform: { format: \"npp_{secret:40}\", tenant: false } }\n"
  );
  EXPECT_EQ(kinds_of(config), "tenant npk_{secret:40} bound; platform npp_{secret:40}; ");
  EXPECT_EQ(kinds_of(read("{}")), "tenant ks_{secret:40}{crc} bound; ");
}

TEST(KeyConfig, AKindThatCouldBeTakenForAnotherIsRefused) {
  EXPECT_EQ(
      mistakes(
          "keys:\n"
          "  format: \"npk_{secret:40}\"\n"
          "  kinds:\n"
          "    same: { format: \"npk_{secret:44}\" }\n"
          "    tenant: { format: \"npt_{secret:40}\" }\n"
          "    Bad: { format: \"npb_{secret:40}\" }\n"
          "    none: {}\n"
          "    weak: { format: \"npw_{secret:4}\", tenant: maybe }\n"
      ),
      "k.yaml:4: keys.kinds.same: keys of kind \"tenant\" begin with \"npk_\", and so do those of "
      "kind \"same\": a key could be of either\n"
      "k.yaml:5: keys.kinds.tenant: this is the kind whose format is keys.format\n"
      "k.yaml:6: keys.kinds.Bad: a name is a-z, then up to 62 of a-z, 0-9 and _\n"
      "k.yaml:7: keys.kinds.none: \"format\" is missing\n"
      "k.yaml:8: keys.kinds.weak.format: the secret has less than 128 bits; use {secret:22} or "
      "{hex:32} at least\n"
      "k.yaml:8: keys.kinds.weak.tenant: expected true or false, found text"
  );
}

TEST(KeyConfig, Attack2AKindOfTenantsKeysHasTheSameEnvironments) {
  EXPECT_EQ(
      mistakes(
          "keys:\n"
          "  format: \"nk_{env:live|test}_{secret:32}\"\n"
          "  kinds:\n"
          "    agent: { format: \"na_{env:test|live}_{secret:32}\" }\n"
          "    plain: { format: \"np_{secret:32}\" }\n"
          "    platform: { format: \"nq_{secret:32}\", tenant: false }\n"
      ),
      "k.yaml:4: keys.kinds.agent.format: it must have the environments of keys.format, in the "
      "same order\n"
      "k.yaml:5: keys.kinds.plain.format: it must have the environments of keys.format, in the "
      "same order"
  );
}

TEST(KeyConfig, AKeyWithoutScopesIsFullOnlyWhereTheFileSaysSo) {
  Config silent = read("keys: { scopes: { a: A, b: B } }");
  EXPECT_FALSE(silent.keys.scopeless_is_full);
  EXPECT_EQ(silent.keys.default_scopes, (std::vector<std::string>{"a", "b"}));
  Config full = read("keys: { scopes: { a: A, b: B }, scopeless: full }");
  EXPECT_TRUE(full.keys.scopeless_is_full);
  EXPECT_EQ(full.keys.default_scopes, std::vector<std::string>{});
  Config chosen = read("keys: { scopes: { a: A }, scopeless: full, default_scopes: [a] }");
  EXPECT_EQ(chosen.keys.default_scopes, std::vector<std::string>{"a"});
  EXPECT_EQ(
      mistakes("keys: { scopeless: all }"),
      "k.yaml:1: keys.scopeless: expected one of full, refused"
  );
}

TEST(KeyConfig, ReadsTheResourceOfTheKeys) {
  Config config = read(
      "keys:\n"
      "  scopes: { \"keys:write\": Keys }\n"
      "  max_active: 10\n"
      "  path: /api/v1/api-keys\n"
      "  manage: \"keys:write\"\n"
      "  members: { id: id, key_prefix: prefix, project_id: tenant }\n"
  );
  EXPECT_EQ(config.keys.max_active, 10U);
  EXPECT_EQ(config.keys.path, "/api/v1/api-keys");
  EXPECT_EQ(config.keys.manage, "keys:write");
  std::string shown;
  for (auto const& member : config.keys.members) shown += member.name + "=" + member.source + " ";
  EXPECT_EQ(shown, "id=id key_prefix=prefix project_id=tenant ");
  Config plain = read("{}");
  EXPECT_EQ(plain.keys.path, "/api/v1/keys");
  EXPECT_FALSE(plain.keys.max_active);
  EXPECT_FALSE(plain.keys.manage);
  EXPECT_TRUE(plain.keys.members.empty());
}

TEST(KeyConfig, MistakesAboutTheResourceOfTheKeys) {
  EXPECT_EQ(
      mistakes(
          "keys:\n"
          "  scopes: { \"keys:write\": Keys }\n"
          "  max_active: 0\n"
          "  path: /keys\n"
          "  manage: \"keys:wirte\"\n"
          "  members:\n"
          "    Id: id\n"
          "    key: prefix\n"
          "    prefix: prefx\n"
          "    name: [name]\n"
          "collections:\n"
          "  denials: { fields: { x: text } }\n"
      ),
      "k.yaml:3: keys.max_active: expected a whole number from 1 to 1000000\n"
      "k.yaml:4: keys.path: expected /api/v1/ and a name of a-z, 0-9, - and _\n"
      "k.yaml:5: keys.manage: scope \"keys:wirte\" is not in keys.scopes; did you mean "
      "\"keys:write\"?\n"
      "k.yaml:7: keys.members.Id: a name is a-z, then up to 62 of a-z, 0-9 and _\n"
      "k.yaml:8: keys.members.key: a new key itself has this name in the answer\n"
      "k.yaml:9: keys.members.prefix: there is no part of a key \"prefx\"; did you mean "
      "\"prefix\"?\n"
      "k.yaml:10: keys.members.name: expected what it shows, found a list\n"
      "k.yaml:12: collections.denials: /api/v1 has a route of this name already"
  );
}

TEST(KeyConfig, ThePathOfTheKeysIsTheirs) {
  EXPECT_EQ(
      mistakes("keys: { path: /api/v1/verify }"),
      "k.yaml:1: keys.path: there is a route of this path already"
  );
  for (auto path : {"/api/v1/", "/api/v1/a/b", "/api/v1/Keys", "/api/v1/a%2fb", "/api/v2/keys"}) {
    EXPECT_EQ(
        mistakes("keys: { path: " + std::string(path) + " }"),
        "k.yaml:1: keys.path: expected /api/v1/ and a name of a-z, 0-9, - and _"
    ) << path;
  }
  EXPECT_EQ(
      mistakes("collections: { keys: { fields: { x: text } } }"),
      "k.yaml:1: collections.keys: /api/v1 has a route of this name already"
  );
  EXPECT_EQ(
      mistakes("keys: { path: /api/v1/tokens }\ncollections: { keys: { fields: { x: text } } }"),
      "none"
  );
}

}  // namespace
}  // namespace keystead::app
