#include "app/command_line.hpp"

#include <gtest/gtest.h>

namespace keystead::app {
namespace {

std::expected<CommandLine, Exit> parse(
    std::vector<std::string> const& arguments, Environment const& environment = {}
) {
  return parse_command_line(arguments, environment);
}

// The parsed command; a test failure and an empty one for anything else.
template <class T>
T command(std::vector<std::string> const& arguments, Environment const& environment = {}) {
  auto line = parse(arguments, environment);
  if (!line) {
    ADD_FAILURE() << line.error().text;
    return {};
  }
  auto* chosen = std::get_if<T>(&line->command);
  EXPECT_NE(chosen, nullptr) << line->name;
  return chosen ? *chosen : T{};
}

std::string wrong(std::vector<std::string> const& arguments) {
  auto line = parse(arguments);
  if (line) return "parsed as " + line->name;
  EXPECT_EQ(line.error().status, 2);
  return line.error().text;
}

TEST(CommandLine, AnOptionIsNoValueOfAnother) {
  EXPECT_TRUE(wrong({"doctor", "--data", "--json"}).contains("found the option --json"));
  EXPECT_TRUE(wrong({"doctor", "--config", "--data"}).contains("found the option --data"));
}

TEST(CommandLine, EveryCommandOfTheDesignIsThere) {
  std::vector<std::vector<std::string>> all{
      {"serve", "--config", "a.yaml"},
      {"serve", "--config", "a.yaml", "--data", "d", "--listen", "127.0.0.1:0", "--json"},
      {"demo"},
      {"demo", "--config", "a.yaml", "--data", "d", "--listen", "127.0.0.1:0", "--json"},
      {"tenant", "create", "--name", "N", "--parent", "P", "--json"},
      {"tenant", "list"},
      {"tenant", "delete", "I"},
      {"key", "create", "--tenant", "T", "--name", "N"},
      {"key", "list"},
      {"key", "revoke", "I"},
      {"key", "rotate", "I"},
      {"key", "rename", "I", "--name", "N"},
      {"key", "narrow", "I"},
      {"user", "create", "--email", "E", "--tenant", "T"},
      {"user", "list"},
      {"user", "end", "I"},
      {"user", "invite", "--email", "E", "--tenant", "T"},
      {"user", "reset-password", "--email", "E"},
      {"client", "create"},
      {"client", "list"},
      {"client", "delete", "I"},
      {"oauth", "rotate-keys"},
      {"why", "I"},
      {"audit", "verify"},
      {"audit", "tail"},
      {"config", "check", "F"},
      {"config", "schema"},
      {"doctor"},
      {"backup", "TO"},
      {"restore", "FROM"},
      {"import", "keys", "F"},
      {"version"},
      {"--version"},
  };
  std::string names;
  for (auto const& arguments : all) {
    auto line = parse(arguments);
    names += line ? line->name + "; " : "! " + line.error().text;
  }
  EXPECT_EQ(
      names,
      "serve; serve; demo; demo; tenant create; tenant list; tenant delete; key create; key list; "
      "key revoke; key rotate; key rename; key narrow; user create; user list; user end; "
      "user invite; user reset-password; client create; client list; "
      "client delete; oauth rotate-keys; why; audit verify; audit tail; config check; "
      "config schema; doctor; backup; restore; import keys; version; version; "
  );
}

TEST(CommandLine, ServeTakesItsAddress) {
  auto serve = command<ServeCommand>({"serve", "--config", "a", "--listen", "[::1]:9000"});
  EXPECT_EQ(serve.listen, (ListenAddress{"::1", 9000}));
  EXPECT_FALSE(command<ServeCommand>({"serve", "--config", "a"}).listen);
}

TEST(CommandLine, KeyCreateTakesScopesInEachForm) {
  auto key = command<KeyCreateCommand>(
      {"key",
       "create",
       "--tenant",
       "T",
       "--name",
       "a name",
       "--scope",
       "a,b",
       "--scope",
       "c d",
       "--scope",
       "a",
       "--expires",
       "30d",
       "--env",
       "live",
       "--kind",
       "agent"}
  );
  EXPECT_EQ(key.tenant, "T");
  EXPECT_EQ(key.name, "a name");
  EXPECT_EQ(key.scopes, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(key.expires, Expiry(std::chrono::seconds{30 * 86400}));
  EXPECT_EQ(key.environment, "live");
  EXPECT_EQ(key.kind, "agent");
}

TEST(CommandLine, KeyCreateWithoutScopesLeavesThemToTheConfiguration) {
  auto key = command<KeyCreateCommand>({"key", "create", "--tenant", "T", "--name", "N"});
  EXPECT_FALSE(key.scopes);
  EXPECT_FALSE(key.expires);
}

TEST(CommandLine, AKeyOfAKindWithoutATenantNeedsNone) {
  auto key = command<KeyCreateCommand>({"key", "create", "--name", "N", "--kind", "platform"});
  EXPECT_EQ(key.tenant, "");
  EXPECT_EQ(key.kind, "platform");
}

TEST(CommandLine, AKeyMayBeHeldToAddresses) {
  auto key = command<KeyCreateCommand>(
      {"key",
       "create",
       "--tenant",
       "T",
       "--name",
       "N",
       "--allow-address",
       "10.0.0.0/8",
       "--allow-address",
       "::1"}
  );
  EXPECT_EQ(key.addresses, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
}

TEST(CommandLine, NarrowTakesWhatIsLessThanTheParentHas) {
  auto key = command<KeyNarrowCommand>(
      {"key",
       "narrow",
       "I",
       "--name",
       "N",
       "--scope",
       "a,b",
       "--tool",
       "x",
       "--tool",
       "y",
       "--expires",
       "1h"}
  );
  EXPECT_EQ(key.id, "I");
  EXPECT_EQ(key.name, "N");
  EXPECT_EQ(key.scopes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(key.tools, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(key.expires, Expiry(std::chrono::seconds{3600}));
  EXPECT_FALSE(command<KeyNarrowCommand>({"key", "narrow", "I"}).scopes);
}

TEST(CommandLine, TheAuditLogIsFollowedFromItsEnd) {
  auto plain = command<AuditTailCommand>({"audit", "tail"});
  EXPECT_EQ(plain.lines, 20U);
  EXPECT_FALSE(plain.follow);
  auto followed = command<AuditTailCommand>({"audit", "tail", "--follow", "-n", "100"});
  EXPECT_EQ(followed.lines, 100U);
  EXPECT_TRUE(followed.follow);
  EXPECT_EQ(command<AuditVerifyCommand>({"audit", "verify"}).head, "");
}

TEST(CommandLine, AnImportMayBeTriedFirst) {
  EXPECT_FALSE(command<ImportKeysCommand>({"import", "keys", "F"}).dry_run);
  auto tried = command<ImportKeysCommand>({"import", "keys", "F", "--dry-run"});
  EXPECT_EQ(tried.file, "F");
  EXPECT_TRUE(tried.dry_run);
}

std::string place_of(
    std::vector<std::string> const& arguments, Environment const& environment = {}
) {
  auto line = parse(arguments, environment);
  if (!line) return line.error().text;
  if (!line->database) return "folder " + line->data.string();
  EXPECT_EQ(line->data, "");
  return "database " + std::string(line->database->reveal());
}

TEST(CommandLine, TheDataMayBeADatabase) {
  std::string const url = "postgres://node:pw@db:5432/keystead?sslmode=require";
  EXPECT_EQ(place_of({"key", "list", "--data", url}), "database " + url);
  EXPECT_EQ(
      place_of({"demo"}, {{"KEYSTEAD_DATA", "postgresql://db/keystead"}}),
      "database postgresql://db/keystead"
  );
  EXPECT_EQ(place_of({"key", "list", "--data", "/d"}), "folder /d");
}

TEST(CommandLine, AnExpiryMayBeAMoment) {
  auto key = command<KeyCreateCommand>(
      {"key", "create", "--tenant", "T", "--name", "N", "--expires", "2027-01-31T00:00:00Z"}
  );
  EXPECT_EQ(key.expires, Expiry(parse_time("2027-01-31T00:00:00Z").value_or(Time{})));
}

TEST(CommandLine, RotateMayLeaveTheOldKeyForAWhile) {
  EXPECT_FALSE(command<KeyRotateCommand>({"key", "rotate", "I"}).overlap);
  EXPECT_EQ(
      command<KeyRotateCommand>({"key", "rotate", "I", "--overlap", "24h"}).overlap,
      std::chrono::seconds{86400}
  );
}

TEST(CommandLine, FoldersComeFromOptionsThenTheEnvironmentThenTheDefault) {
  Environment environment{{"KEYSTEAD_CONFIG", "env.yaml"}, {"KEYSTEAD_DATA", "/env"}};
  auto given = parse({"key", "list", "--config", "a b.yaml", "--data", "/d"}, environment);
  ASSERT_TRUE(given);
  EXPECT_EQ(given->config, "a b.yaml");
  EXPECT_EQ(given->data, "/d");
  auto from_environment = parse({"serve"}, environment);
  ASSERT_TRUE(from_environment);
  EXPECT_EQ(from_environment->config, "env.yaml");
  EXPECT_EQ(from_environment->data, "/env");
  EXPECT_EQ(parse({"key", "list"})->data, "./keystead-data");
  EXPECT_EQ(parse({"demo"})->data, "") << "the demo makes a folder of its own";
}

TEST(CommandLine, JsonIsAFlagOfTheCommand) {
  EXPECT_TRUE(parse({"key", "list", "--json"})->json);
  EXPECT_FALSE(parse({"key", "list"})->json);
}

TEST(CommandLine, WrongUsageIsStatus2AndSaysWhereHelpIs) {
  EXPECT_EQ(wrong({}), "keystead: a command is missing\nTry: keystead --help\n");
  EXPECT_EQ(wrong({"key"}), "keystead: a command is missing\nTry: keystead key --help\n");
  EXPECT_EQ(
      wrong({"frob"}),
      "keystead: The following argument was not expected: frob\nTry: keystead --help\n"
  );
  EXPECT_EQ(
      wrong({"key", "create", "--name", "N"}),
      "keystead: --tenant is required\nTry: keystead key create --help\n"
  );
  EXPECT_EQ(
      wrong({"key", "create", "--tenant", "T", "--name", "N", "--expires", "soon"}),
      "keystead: --expires: expected a length of time such as 30d, or a time such as "
      "2027-01-31T00:00:00Z\n"
      "Try: keystead key create --help\n"
  );
  EXPECT_EQ(
      wrong({"key", "create", "--tenant", "T", "--name", "N", "--scope", ", "}),
      "keystead: --scope: names no scope\nTry: keystead key create --help\n"
  );
  EXPECT_EQ(
      wrong({"key", "create", "--tenant", "T", "--name", "N", "--allow-address", "10.0.0.1/8"}),
      "keystead: --allow-address: \"10.0.0.1/8\" has bits set behind its prefix\n"
      "Try: keystead key create --help\n"
  );
  EXPECT_EQ(
      wrong({"audit", "verify", "--head", "abc"}),
      "keystead: --head: expected 64 hexadecimal digits, as \"audit verify\" prints them\n"
      "Try: keystead audit verify --help\n"
  );
  EXPECT_EQ(
      wrong({"audit", "tail", "-n", "0"}),
      "keystead: --lines: Value 0 not in range 1 to 1000\nTry: keystead audit tail --help\n"
  );
  EXPECT_EQ(
      wrong({"serve"}),
      "keystead: --config is required (or KEYSTEAD_CONFIG)\nTry: keystead serve --help\n"
  );
  EXPECT_EQ(
      wrong({"serve", "--config", "a", "--listen", "8080"}),
      "keystead: --listen: expected IP:PORT such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080\n"
      "Try: keystead serve --help\n"
  );
  EXPECT_EQ(
      wrong({"key", "revoke", "a", "b"}),
      "keystead: The following argument was not expected: b\nTry: keystead key revoke --help\n"
  );
}

TEST(CommandLine, HelpIsStatus0AndHasAnExample) {
  for (std::vector<std::string> const& arguments : std::vector<std::vector<std::string>>{
           {"serve", "--help"},
           {"key", "create", "-h"},
           {"config", "check", "--help"},
           {"backup", "--help"}
       }) {
    auto line = parse(arguments);
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().status, 0);
    EXPECT_NE(line.error().text.find("Usage: keystead " + arguments.front()), std::string::npos);
    EXPECT_NE(
        line.error().text.find("Example:\n  keystead " + arguments.front()), std::string::npos
    );
  }
}

TEST(CommandLine, HelpForKeyRevoke) {
  auto line = parse({"key", "revoke", "--help"});
  ASSERT_FALSE(line);
  EXPECT_EQ(
      line.error().text,
      "End a key now\n"
      "Usage: keystead key revoke [OPTIONS] ID\n"
      "\n"
      "Positionals:\n"
      "  ID REQUIRED                     Id of the key\n"
      "\n"
      "Options:\n"
      "  -h,--help                       Print this help and exit\n"
      "  --config FILE                   Configuration file (or KEYSTEAD_CONFIG)\n"
      "  --data DIR                      Data folder or postgres:// URL (or KEYSTEAD_DATA); "
      "otherwise ./keystead-data\n"
      "  --json                          Print JSON\n"
      "\n"
      "Example:\n"
      "  keystead key revoke 6f1f7c52-0d6b-4b8e-9a53-5f0a1f6b7c11\n"
  );
}

}  // namespace
}  // namespace keystead::app
