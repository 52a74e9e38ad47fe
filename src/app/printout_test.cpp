#include "app/printout.hpp"

#include <gtest/gtest.h>

namespace keystead::app {
namespace {

namespace json = boost::json;

TEST(Printout, ATenantIsLinesOfNameAndValue) {
  EXPECT_EQ(
      readable("tenant.create", {{"id", "1"}, {"name", "Acme Co"}, {"slug", "acme-co"}}),
      "id: 1\nname: Acme Co\nslug: acme-co\n"
  );
}

TEST(Printout, AFreshKeySaysThatItIsShownOnce) {
  std::string_view once = "\nThe key is shown this once; copy it now.\n";
  for (auto act : {"key.create", "key.rotate", "key.narrow"}) {
    EXPECT_TRUE(readable(act, {{"key", "ks_x"}}).ends_with(once)) << act;
  }
  EXPECT_EQ(readable("why", {{"key", "an id"}, {"scope", ""}}), "key: an id\nscope: -\n");
}

TEST(Printout, ListsAreTables) {
  EXPECT_EQ(readable("key.list", json::array{}), "none\n");
  EXPECT_EQ(
      readable("tenant.list", json::array{{{"id", "1"}, {"name", "Acme"}, {"slug", "acme"}}}),
      "id  name  slug  created_at\n"
      "1   Acme  acme  -\n"
  );
  EXPECT_EQ(
      readable("doctor", json::array{{{"check", "pepper"}, {"state", "good"}}, {{"check", "x"}}}),
      "check   state\n"
      "pepper  good\n"
      "x       -\n"
  );
}

TEST(Printout, AListInsideAnObjectFollowsItAsATable) {
  json::value result{
      {"imported", 2},
      {"keys", json::array{{{"id", "1"}, {"name", "a"}}, {{"id", "2"}, {"name", "b"}}}},
      {"dry_run", true}
  };
  EXPECT_EQ(
      readable("key.import", result), "imported: 2\ndry_run: true\n\nid  name\n1   a\n2   b\n"
  );
}

TEST(Printout, Attack112NoControlCharacterReachesTheTerminal) {
  json::array rows{
      {{"sequence", 7},
       {"at", "2026-11-22T16:50:00.000Z"},
       {"kind", "act"},
       {"event", "key.rename"},
       {"actor", "operator"},
       {"subject", "key:\x1b[2J\n8  forged"},
       {"detail", {{"name", "a\nb"}}}}
  };
  EXPECT_EQ(
      readable("audit.tail", rows),
      "7  2026-11-22T16:50:00.000Z  key.rename  operator  key: [2J 8  forged  "
      "{\"name\":\"a\\nb\"}\n"
  );
}

}  // namespace
}  // namespace keystead::app
