#include "store/sqlite/migration.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/test_folder.hpp"

namespace keystead::store {
namespace {

constexpr Migration kFirst{"0001_a.sql", "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)"};
constexpr Migration kSecond{"0002_b.sql", "CREATE TABLE b (x INTEGER); UPDATE a SET x = 2"};

// The version, the tables, and what is in a.
std::string look(std::filesystem::path const& file) {
  Database database(file);
  Statement statement = database.prepare(
      "SELECT (SELECT user_version FROM pragma_user_version) || ' ' ||"
      " (SELECT group_concat(name) FROM sqlite_schema) || ' ' || (SELECT x FROM a)"
  );
  statement.next();
  return std::string(statement.text(0));
}

TEST(Migration, StepsRunInOrderAndOnce) {
  TestFolder folder;
  auto file = folder.path() / "m.db";
  {
    Database database(file);
    migrate(database, std::vector{kFirst});
  }
  EXPECT_EQ(look(file), "1 a 1");
  for (int again = 0; again < 2; ++again) {
    Database database(file);
    migrate(database, std::vector{kFirst, kSecond});
  }
  EXPECT_EQ(look(file), "2 a,b 2");
}

TEST(Migration, Attack100AStepThatFailsLeavesNoTrace) {
  TestFolder folder;
  auto file = folder.path() / "m.db";
  {
    Database database(file);
    Migration broken{"0002_b.sql", "CREATE TABLE b (x); UPDATE a SET x = 2; CREATE TABLE b (x)"};
    EXPECT_THROW(migrate(database, std::vector{kFirst, broken}), Broken);
  }
  EXPECT_EQ(look(file), "1 a 1");
  Database database(file);
  migrate(database, std::vector{kFirst, kSecond});
  EXPECT_EQ(look(file), "2 a,b 2");
}

TEST(Migration, Attack100AStepThatIsKilledLeavesNoTrace) {
  TestFolder folder;
  auto file = folder.path() / "m.db";
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // The second step changes the schema and the rows, and then never ends.
    Migration endless{
        "0002_b.sql",
        "CREATE TABLE b (x); UPDATE a SET x = 2;"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    };
    Database database(file);
    migrate(database, std::vector{kFirst});
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    migrate(database, std::vector{kFirst, endless});
    ::_exit(0);
  }
  char byte;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ::usleep(50'000);
  ::kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the step was to be interrupted";
  ::close(ready[0]);
  ::close(ready[1]);

  EXPECT_EQ(look(file), "1 a 1");
  Database database(file);
  migrate(database, std::vector{kFirst, kSecond});
  EXPECT_EQ(look(file), "2 a,b 2");
}

TEST(Migration, Attack100AFileOfANewerVersionIsRefusedUntouched) {
  TestFolder folder;
  auto file = folder.path() / "m.db";
  Database database(file);
  migrate(database, std::vector{kFirst, kSecond});
  EXPECT_THROW(migrate(database, std::vector{kFirst}), Broken);
  EXPECT_EQ(look(file), "2 a,b 2");
}

TEST(Migration, EmbeddedStepsAreNumberedWithoutGaps) {
  for (auto migrations : {kControlMigrations, kTenantMigrations}) {
    ASSERT_FALSE(migrations.empty());
    for (std::size_t i = 0; i < migrations.size(); ++i) {
      auto number = std::to_string(10001 + i).substr(1);
      EXPECT_THAT(std::string(migrations[i].first), testing::StartsWith(number + "_"));
    }
  }
}

}  // namespace
}  // namespace keystead::store
