#include "app/admin_command.hpp"

#include <gtest/gtest.h>

#include "codec/json.hpp"

namespace keystead::app {
namespace {

// NAME {arguments} of the act that the command line asks for.
std::string act_of(std::vector<std::string> const& arguments) {
  auto line = parse_command_line(arguments, {});
  if (!line) return line.error().text;
  auto act = admin_act_of(line->command);
  return act ? act->name + " " + codec::to_text(act->arguments) : "none";
}

TEST(AdminCommand, ActsOnKeys) {
  EXPECT_EQ(
      act_of({"key", "create", "--tenant", "T", "--name", "N"}),
      R"(key.create {"name":"N","tenant":"T"})"
  );
  EXPECT_EQ(
      act_of(
          {"key",
           "create",
           "--name",
           "N",
           "--kind",
           "platform",
           "--scope",
           "a,b",
           "--env",
           "live",
           "--expires",
           "30d",
           "--allow-address",
           "10.0.0.0/8",
           "--allow-address",
           "::1"}
      ),
      R"(key.create {"name":"N","scopes":["a","b"],"expires":"2592000s","env":"live",)"
      R"("kind":"platform","addresses":["10.0.0.0/8","::1"]})"
  );
  EXPECT_EQ(act_of({"key", "rename", "I", "--name", "N"}), R"(key.rename {"id":"I","name":"N"})");
  EXPECT_EQ(act_of({"key", "narrow", "I"}), R"(key.narrow {"id":"I"})");
  EXPECT_EQ(
      act_of(
          {"key", "narrow", "I", "--scope", "a", "--tool", "x", "--tool", "y", "--expires", "1h"}
      ),
      R"(key.narrow {"id":"I","scopes":["a"],"tools":["x","y"],"expires":"3600s"})"
  );
  EXPECT_EQ(
      act_of({"key", "rotate", "I", "--overlap", "24h"}),
      R"(key.rotate {"id":"I","overlap":"86400s"})"
  );
  EXPECT_EQ(act_of({"import", "keys", "F", "--dry-run"}), R"(key.import {"dry_run":true})");
}

TEST(AdminCommand, ActsOnPeople) {
  EXPECT_EQ(act_of({"user", "list"}), "user.list {}");
  EXPECT_EQ(act_of({"user", "list", "--tenant", "T"}), R"(user.list {"tenant":"T"})");
  EXPECT_EQ(act_of({"user", "end", "I"}), R"(user.end {"id":"I"})");
  EXPECT_EQ(
      act_of({"user", "invite", "--email", "E", "--tenant", "T", "--role", "admin"}),
      R"(user.invite {"email":"E","tenant":"T","role":"admin"})"
  );
  EXPECT_EQ(
      act_of({"user", "reset-password", "--email", "E"}), R"(user.reset_password {"email":"E"})"
  );
}

TEST(AdminCommand, ActsOfAnOperatorOnCall) {
  EXPECT_EQ(act_of({"why", "I"}), R"(why {"id":"I"})");
  EXPECT_EQ(act_of({"audit", "verify"}), "audit.verify {}");
  std::string head(64, 'a');
  EXPECT_EQ(
      act_of({"audit", "verify", "--head", head}), "audit.verify {\"head\":\"" + head + "\"}"
  );
  EXPECT_EQ(act_of({"audit", "tail"}), R"(audit.tail {"lines":20,"follow":false})");
  EXPECT_EQ(
      act_of({"audit", "tail", "-n", "5", "--follow"}), R"(audit.tail {"lines":5,"follow":true})"
  );
  EXPECT_EQ(act_of({"doctor"}), "doctor {}");
  EXPECT_EQ(act_of({"backup", "/b"}), R"(backup {"to":"/b"})");
  EXPECT_EQ(act_of({"restore", "/b"}), R"(restore {"from":"/b"})");
  std::string here = (std::filesystem::current_path() / "b").string();
  EXPECT_EQ(act_of({"backup", "b"}), "backup {\"to\":\"" + here + "\"}")
      << "the server has a working folder of its own";
}

TEST(AdminCommand, OtherCommandsAreNoActs) {
  EXPECT_EQ(act_of({"demo"}), "none");
  EXPECT_EQ(act_of({"config", "schema"}), "none");
}

}  // namespace
}  // namespace keystead::app
