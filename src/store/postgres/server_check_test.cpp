#include "store/postgres/server_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_tasks.hpp"

namespace keystead::store::postgres {
namespace {

using testing::HasSubstr;

class ServerCheck : public testing::Test {
 protected:
  // Why the store does not start; "started" if it does.
  std::string start() {
    try {
      stores.reopen();
    } catch (Broken const& broken) {
      return broken.what();
    }
    return "started";
  }
  std::string bad_findings() {
    std::string text;
    for (auto const& finding : inspect(stores.database->url())) {
      if (finding.grade == Finding::Grade::bad) text += finding.text + "\n";
    }
    return text;
  }
  void beneath(std::string const& sql) { stores.database->as_superuser().execute(sql); }
  std::string const& role() { return stores.database->name(); }

  TestStores stores{Backend::postgres};
};

TEST(PostgresVersion, Attack147VersionsThatLeakStatisticsAreRefused) {
  for (int version : {90600, 130022, 140019, 150000, 150013, 160009, 170005}) {
    EXPECT_EQ(check_version(version).grade, Finding::Grade::bad) << version;
  }
  for (int version : {150014, 150020, 160010, 170006, 180000}) {
    EXPECT_EQ(check_version(version).grade, Finding::Grade::good) << version;
  }
  EXPECT_THAT(check_version(150013).text, HasSubstr("15.14 or later"));
}

TEST_F(ServerCheck, ASoundDatabaseHasNoBadFinding) {
  EXPECT_EQ(start(), "started");
  EXPECT_EQ(bad_findings(), "");
}

TEST_F(ServerCheck, ARoleThatPassesTheWallIsRefused) {
  for (auto const& [grant, revoke] :
       {std::pair{"ALTER ROLE " + role() + " SUPERUSER", "ALTER ROLE " + role() + " NOSUPERUSER"},
        {"ALTER ROLE " + role() + " BYPASSRLS", "ALTER ROLE " + role() + " NOBYPASSRLS"},
        {"GRANT postgres TO " + role(), "REVOKE postgres FROM " + role()}}) {
    beneath(grant);
    EXPECT_THAT(start(), HasSubstr("superuser or has BYPASSRLS")) << grant;
    EXPECT_THAT(bad_findings(), HasSubstr("superuser or has BYPASSRLS")) << grant;
    beneath(revoke);
    EXPECT_EQ(start(), "started") << revoke;
  }
}

TEST_F(ServerCheck, ATableWithoutItsWallIsRefused) {
  for (auto const& [breach, repair] :
       {std::pair{
            "ALTER TABLE c_tasks NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE c_tasks FORCE ROW LEVEL SECURITY"
        },
        {"ALTER TABLE c_tasks DISABLE ROW LEVEL SECURITY",
         "ALTER TABLE c_tasks ENABLE ROW LEVEL SECURITY"},
        {"CREATE POLICY other ON c_tasks USING (true)", "DROP POLICY other ON c_tasks"}}) {
    beneath(breach);
    EXPECT_THAT(start(), HasSubstr("c_tasks: ")) << breach;
    EXPECT_THAT(bad_findings(), HasSubstr("c_tasks: ")) << breach;
    beneath(repair);
    EXPECT_EQ(start(), "started") << repair;
  }
}

TEST_F(ServerCheck, APolicyThatWasChangedIsRefused) {
  for (auto sql :
       {"ALTER POLICY tenant_wall ON c_tasks USING (true)",
        "ALTER POLICY tenant_wall ON c_tasks WITH CHECK (true)",
        "ALTER POLICY tenant_wall ON c_tasks TO postgres",
        "DROP POLICY tenant_wall ON c_tasks"}) {
    stores.stores.reset();
    beneath("DROP SCHEMA keystead CASCADE");
    ASSERT_EQ(start(), "started");
    beneath(sql);
    EXPECT_THAT(start(), HasSubstr("policies")) << sql;
    EXPECT_THAT(bad_findings(), HasSubstr("policies")) << sql;
  }
}

TEST_F(ServerCheck, ATableOfAnotherOwnerIsRefused) {
  beneath("ALTER TABLE c_tasks OWNER TO postgres");
  EXPECT_THAT(start(), HasSubstr("belongs to another role"));
}

TEST_F(ServerCheck, ADatabaseThatCannotBeReachedIsAFinding) {
  auto findings = inspect(Url::parse(Secret("postgresql://ada:canary@127.0.0.1:1/db")).value());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].grade, Finding::Grade::bad);
  EXPECT_THAT(findings[0].text, testing::Not(HasSubstr("canary")));
}

TEST_F(ServerCheck, ACommitThatCanBeLostIsAWarning) {
  // The server of the tests syncs nothing.
  std::string warnings;
  for (auto const& finding : inspect(stores.database->url())) {
    if (finding.grade == Finding::Grade::warning) warnings += finding.text + "\n";
  }
  EXPECT_THAT(warnings, HasSubstr("fsync is off"));
}

}  // namespace
}  // namespace keystead::store::postgres
