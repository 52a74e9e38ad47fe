// What a person reads who has made a mistake in the file: the whole text, line by line.
#include <gtest/gtest.h>

#include "app/config/config.hpp"

namespace keystead::app {
namespace {

std::string mistakes(std::string_view text, Environment const& environment = {}) {
  auto config = parse_config(text, "k.yaml", environment);
  return config ? "none" : config.error().public_text;
}

TEST(ConfigMistakes, AnUnknownKeyNamesItsLineAndTheNearestKey) {
  EXPECT_EQ(
      mistakes("keys:\n  formt: \"ks_{secret:40}\"\n"),
      "k.yaml:2: keys.formt: unknown key; did you mean \"format\"?"
  );
  EXPECT_EQ(mistakes("servcie: {}\n"), "k.yaml:1: servcie: unknown key; did you mean \"service\"?");
  EXPECT_EQ(mistakes("\n\nzebra: 1\n"), "k.yaml:3: zebra: unknown key");
  EXPECT_EQ(
      mistakes("collections:\n  a:\n    fields:\n      x: { type: text, requird: true }\n"),
      "k.yaml:4: collections.a.fields.x.requird: unknown key; did you mean \"required\"?"
  );
}

TEST(ConfigMistakes, AllAreCollectedInTheOrderOfTheLines) {
  EXPECT_EQ(
      mistakes(
          "tools: whoami\n"
          "limits:\n"
          "  workers: many\n"
          "  body: 1MB\n"
          "  connections: 0\n"
          "  deadlines: { idle: 75 }\n"
          "log: { level: loud, requests: [all] }\n"
          "service:\n"
          "keys: { headers: [Authorization, cookie, x-a, x-a] }\n"
          "listen: localhost\n"
      ),
      "k.yaml:1: tools: expected a list, found text\n"
      "k.yaml:3: limits.workers: expected a whole number, found text\n"
      "k.yaml:4: limits.body: expected a size such as 512, 64KiB or 1MiB\n"
      "k.yaml:5: limits.connections: expected a whole number from 1 to 1000000\n"
      "k.yaml:6: limits.deadlines.idle: expected a length of time such as 30s, 15m, 12h or 30d\n"
      "k.yaml:7: log.level: expected one of debug, info, warn, error\n"
      "k.yaml:7: log.requests: expected text, found a list\n"
      "k.yaml:8: service: expected a map, found nothing\n"
      "k.yaml:9: keys.headers[0]: a header name is lower-case letters, digits and -\n"
      "k.yaml:9: keys.headers[1]: this header cannot carry a key\n"
      "k.yaml:9: keys.headers[3]: this header comes twice\n"
      "k.yaml:10: listen: expected a map, found text"
  );
}

TEST(ConfigMistakes, ADuplicateKeyNamesBothLines) {
  EXPECT_EQ(
      mistakes("log:\n  level: info\n  level: debug\nlog: {}\n"),
      "k.yaml:3: log.level: duplicate key; the first is on line 2\n"
      "k.yaml:4: log: duplicate key; the first is on line 1"
  );
}

TEST(ConfigMistakes, TextThatIsNotOneYamlMap) {
  EXPECT_EQ(mistakes(""), "k.yaml:1: the file is empty");
  EXPECT_EQ(mistakes("# nothing\n"), "k.yaml:1: the file is empty");
  EXPECT_EQ(mistakes("---\n"), "k.yaml:1: the file is empty");
  EXPECT_EQ(mistakes("[]\n"), "k.yaml:1: expected a map, found a list");
  EXPECT_EQ(mistakes("log: {}\n---\nlog: {}\n"), "k.yaml:3: a second document; one is read");
  EXPECT_EQ(
      mistakes("log:\n  level: [info\n"), "k.yaml:3: not YAML: end of sequence flow not found"
  );
  EXPECT_EQ(mistakes("? [a]\n: b\n"), "k.yaml:1: a key must be text");
  EXPECT_EQ(
      mistakes("log: !!python/object {}\n"),
      "k.yaml:1: tags are not read here; put text into quotes instead"
  );
}

TEST(ConfigMistakes, AnUnsetVariableIsNamed) {
  EXPECT_EQ(
      mistakes("service:\n  title: \"${TITLE}\"\n  name: \"${NAME\"\n  url: \"${1}\"\n"),
      "k.yaml:2: service.title: environment variable TITLE is not set\n"
      "k.yaml:3: service.name: \"${\" without \"}\"; write $${ for a plain ${\n"
      "k.yaml:4: service.url: expected ${NAME} or ${NAME:-default}; write $${ for a plain ${"
  );
}

TEST(ConfigMistakes, Attack5NoValueOfTheEnvironmentIsRepeated) {
  Environment environment{{"S", "canary-{hunter2}"}};
  std::string text = mistakes(
      "service: { url: \"${S}\", name: \"${S}\" }\n"
      "keys: { format: \"${S}\", headers: [\"${S}\"], pepper: \"${S}\", default_scopes: [\"${S}\"] "
      "}\n"
      "listen: { address: \"${S}\" }\n"
      "limits: { workers: \"${S}\", body: \"${S}\" }\n"
      "log: { level: \"${S}\" }\n"
      "collections: { a: { fields: { x: \"${S}\" }, read: \"${S}\" } }\n",
      environment
  );
  EXPECT_EQ(text.find("canary"), std::string::npos) << text;
  EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
  EXPECT_EQ(std::ranges::count(text, '\n') + 1, 11) << text;
}

TEST(ConfigMistakes, Attack11ASecretInTheFileOrAPlaceholderIsRefused) {
  EXPECT_EQ(
      mistakes("keys: { pepper: q7Jx0mVZr3nTg5YkLw8HcS2bEoD1uAfI6PXt9RvMzQs }\n"),
      "k.yaml:1: keys.pepper: a secret does not belong in this file: write ${NAME}, or use "
      "pepper_file"
  );
  EXPECT_EQ(
      mistakes("keys: { pepper: \"${P}\" }\n", {{"P", "changemechangemechangemechangemechangeme"}}),
      "k.yaml:1: keys.pepper: the pepper is a placeholder: generate 32 random bytes instead"
  );
  EXPECT_EQ(
      mistakes("keys: { pepper: \"${P}\" }\n", {{"P", "c2hvcnQ"}}),
      "k.yaml:1: keys.pepper: the pepper is shorter than 32 bytes"
  );
  EXPECT_EQ(
      mistakes("keys: { pepper_file: /nowhere/pepper }\n"),
      "k.yaml:1: keys.pepper_file: the file cannot be read, or is larger than 64 KiB"
  );
}

TEST(ConfigMistakes, ScopesThatDoNotExist) {
  EXPECT_EQ(
      mistakes(
          "keys:\n"
          "  scopes: { \"data:read\": Read, \"data:write\": Write, \"a b\": No }\n"
          "  implies:\n"
          "    \"data:write\": [\"data:raed\"]\n"
          "    admin: [\"data:read\"]\n"
          "  default_scopes: [all]\n"
          "collections:\n"
          "  tasks:\n"
          "    fields: { title: text }\n"
          "    read: data:reed\n"
          "    write: \"\"\n"
      ),
      "k.yaml:2: keys.scopes.a b: \"a b\" is not a scope name (RFC 6749 §3.3)\n"
      "k.yaml:4: keys.implies.data:write[0]: scope \"data:raed\" is not in keys.scopes; did you "
      "mean "
      "\"data:read\"?\n"
      "k.yaml:5: keys.implies.admin: scope \"admin\" is not in keys.scopes\n"
      "k.yaml:6: keys.default_scopes[0]: scope \"all\" is not in keys.scopes\n"
      "k.yaml:10: collections.tasks.read: scope \"data:reed\" is not in keys.scopes; did you mean "
      "\"data:read\"?\n"
      "k.yaml:11: collections.tasks.write: expected 1 to 128 bytes"
  );
}

TEST(ConfigMistakes, FieldsAndCollections) {
  EXPECT_EQ(
      mistakes(
          "collections:\n"
          "  Tasks: { fields: { x: text } }\n"
          "  version: { fields: { x: text } }\n"
          "  a23456789012345678901234567890123456789012345678901234567b: { fields: { x: text } }\n"
          "  empty: {}\n"
          "  none: { fields: {} }\n"
          "  things:\n"
          "    fields:\n"
          "      id: text\n"
          "      tenant: text!\n"
          "      2nd: text\n"
          "      a: txt\n"
          "      b: [x, x]\n"
          "      c: { choices: [x, y], default: z }\n"
          "      d: { type: integer, default: 1.5, max: 3 }\n"
          "      e: { type: text, choices: [x] }\n"
          "      f: { type: text, unique: true, default: x }\n"
          "      g: { type: boolean, default: \"true\" }\n"
          "      h: { type: date, default: 2026-02-30 }\n"
          "      i: []\n"
      ),
      "k.yaml:2: collections.Tasks: a name is a-z, then up to 62 of a-z, 0-9 and _\n"
      "k.yaml:3: collections.version: /api/v1 has a route of this name already\n"
      "k.yaml:4: collections.a23456789012345678901234567890123456789012345678901234567b: longer "
      "than 57 "
      "characters, which the names of its tools leave room for\n"
      "k.yaml:5: collections.empty: \"fields\" is missing\n"
      "k.yaml:6: collections.none.fields: expected 1 to 100 fields\n"
      "k.yaml:9: collections.things.fields.id: every row has a field of this name already\n"
      "k.yaml:10: collections.things.fields.tenant: every row has a field of this name already\n"
      "k.yaml:11: collections.things.fields.2nd: a name is a-z, then up to 62 of a-z, 0-9 and _\n"
      "k.yaml:12: collections.things.fields.a: expected text, integer, number, boolean, date or "
      "datetime, "
      "with ! if required; did you mean \"text\"?\n"
      "k.yaml:13: collections.things.fields.b: a choice comes twice\n"
      "k.yaml:14: collections.things.fields.c.default: expected one of x, y\n"
      "k.yaml:15: collections.things.fields.d.default: expected a whole number of 64 bits\n"
      "k.yaml:15: collections.things.fields.d.max: only text has a greatest length\n"
      "k.yaml:16: collections.things.fields.e: expected either \"type\" or \"choices\"\n"
      "k.yaml:17: collections.things.fields.f: a unique field cannot have a default: the second "
      "row would "
      "repeat it\n"
      "k.yaml:18: collections.things.fields.g.default: expected true or false\n"
      "k.yaml:19: collections.things.fields.h.default: expected a date such as 2026-11-22\n"
      "k.yaml:20: collections.things.fields.i: expected 1 to 200 choices"
  );
}

TEST(ConfigMistakes, SampleRowsThatDoNotFit) {
  EXPECT_EQ(
      mistakes(
          "collections:\n"
          "  a:\n"
          "    fields: { title: text!, mail: { type: text, unique: true }, at: datetime, n: "
          "integer }\n"
          "    samples:\n"
          "      - { title: One, mail: x }\n"
          "      - { mail: x }\n"
          "      - { title: Two, titel: Three }\n"
          "      - { title: Two, at: yesterday, n: \"1\" }\n"
          "      - text\n"
      ),
      "k.yaml:6: collections.a.samples[1]: \"title\" is missing\n"
      "k.yaml:6: collections.a.samples[1]: \"mail\" is unique, and a row above has the same value\n"
      "k.yaml:7: collections.a.samples[2].titel: no such field; did you mean \"title\"?\n"
      "k.yaml:8: collections.a.samples[3].at: expected a time such as 2026-11-22T16:50:00Z\n"
      "k.yaml:8: collections.a.samples[3].n: expected a whole number of 64 bits\n"
      "k.yaml:9: collections.a.samples[4]: expected a map, found text"
  );
}

TEST(ConfigMistakes, ARequiredKeyThatIsMissing) {
  EXPECT_EQ(
      mistakes("listen:\n  tls: { certificate: a.pem }\n"),
      "k.yaml:2: listen.tls: \"key\" is missing"
  );
}

TEST(ConfigMistakes, Attack112AKeyCannotBreakALineOfTheReport) {
  EXPECT_EQ(mistakes("\"a\\nk.yaml:9: b\\e[2J\": 1\n"), "k.yaml:1: a?k.yaml:9: b?[2J: unknown key");
}

TEST(ConfigMistakes, AKeyFormatSaysWhatIsWrongWithIt) {
  EXPECT_EQ(
      mistakes("keys: { format: \"ks_{secret:8}\" }\n"),
      "k.yaml:1: keys.format: the secret has less than 128 bits; use {secret:22} or {hex:32} at "
      "least"
  );
}

}  // namespace
}  // namespace keystead::app
