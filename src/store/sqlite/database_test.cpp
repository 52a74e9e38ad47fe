#include "store/sqlite/database.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "store/test_folder.hpp"

namespace keystead::store {
namespace {

class DatabaseTest : public testing::Test {
 protected:
  std::string ask(std::string const& sql) {
    Statement statement = database.prepare(sql);
    return statement.next() ? std::string(statement.text(0)) : std::string("nothing");
  }

  TestFolder folder;
  Database database{folder.path() / "a.db"};
};

TEST_F(DatabaseTest, Attack97TheWriteAheadLogLosesNoCommit) {
  EXPECT_GE(sqlite3_libversion_number(), 3051003) << "older versions lose commits at a WAL reset";
  EXPECT_EQ(ask("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(ask("PRAGMA synchronous"), "2");
}

TEST_F(DatabaseTest, TrustsNothingInTheFile) {
  EXPECT_EQ(ask("PRAGMA trusted_schema"), "0");
  EXPECT_EQ(ask("PRAGMA foreign_keys"), "1");
  database.execute("CREATE TABLE t (x)");
  EXPECT_THROW(database.execute("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema"), Broken);
}

TEST_F(DatabaseTest, TheFileIsItsOwnersOnly) {
  EXPECT_EQ(mode_of(folder.path() / "a.db"), 0600u);
  auto loose = folder.path() / "loose.db";
  write_file(loose, "");
  ::chmod(loose.c_str(), 0644);
  Database tightened(loose);
  EXPECT_EQ(mode_of(loose), 0600u);
}

TEST_F(DatabaseTest, ALinkInTheFilesPlaceIsRefused) {
  std::filesystem::create_symlink(folder.path() / "a.db", folder.path() / "link.db");
  EXPECT_THROW(Database{folder.path() / "link.db"}, Broken);
  std::filesystem::create_directory_symlink(folder.path(), folder.path() / "way");
  EXPECT_NO_THROW(Database{folder.path() / "way" / "a.db"}) << "a link on the way is no harm";
}

TEST_F(DatabaseTest, ValuesComeBackAsTheyWereBound) {
  std::string text("a\0b", 3);
  Statement statement = database.prepare("SELECT ?, ?, ?, ?, ?, ?");
  std::vector<unsigned char> blob{0, 255};
  statement.bind(std::int64_t{-5}, 0.1, text, std::span<unsigned char const>(blob));
  statement.bind(std::string_view(), std::optional<Time>());
  ASSERT_TRUE(statement.next());
  EXPECT_EQ(statement.integer(0), -5);
  EXPECT_EQ(statement.number(1), 0.1);
  EXPECT_EQ(statement.text(2), text);
  EXPECT_THAT(statement.blob(3), testing::ElementsAre(0, 255));
  EXPECT_FALSE(statement.is_null(4)) << "empty text is not null";
  EXPECT_TRUE(statement.is_null(5));
}

TEST_F(DatabaseTest, AStatementOfTheSameTextMayRunInsideAnother) {
  database.execute("CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1), (2)");
  std::string pairs;
  Statement outer = database.prepare("SELECT x FROM t ORDER BY x");
  while (outer.next()) {
    Statement inner = database.prepare("SELECT x FROM t ORDER BY x");
    while (inner.next()) pairs += std::string(outer.text(0)) + std::string(inner.text(0)) + " ";
  }
  EXPECT_EQ(pairs, "11 12 21 22 ");
}

TEST_F(DatabaseTest, AReusedStatementForgetsItsValues) {
  {
    EXPECT_TRUE(database.prepare("SELECT ?").bind(7).next());
  }
  Statement statement = database.prepare("SELECT ?");
  ASSERT_TRUE(statement.next());
  EXPECT_TRUE(statement.is_null(0));
}

TEST_F(DatabaseTest, ManyDifferentStatementsDoNotPileUp) {
  for (int i = 0; i < 1000; ++i) database.prepare("SELECT " + std::to_string(i)).run();
  int count = 0;
  for (sqlite3_stmt* at = nullptr; (at = sqlite3_next_stmt(database.handle(), at)) != nullptr;)
    ++count;
  EXPECT_LE(count, 128);
}

TEST_F(DatabaseTest, ExpectedViolationsAreToldAndOthersThrown) {
  database.execute(
      "CREATE TABLE p (id INTEGER PRIMARY KEY) STRICT;"
      "CREATE TABLE c (u INTEGER UNIQUE, p INTEGER REFERENCES p (id), n TEXT NOT NULL) STRICT;"
      "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1, 'x')"
  );
  auto insert = [&](int u, int p, std::string_view n) {
    return database.prepare("INSERT INTO c VALUES (?, ?, ?)").bind(u, p, n).try_run();
  };
  EXPECT_FALSE(insert(2, 1, "private"));
  auto violation = insert(1, 1, "private");
  EXPECT_EQ(violation.kind, Violation::Kind::unique);
  EXPECT_THAT(violation.text, testing::HasSubstr("c.u"));
  EXPECT_EQ(insert(3, 99, "private").kind, Violation::Kind::foreign_key);
  try {
    database.prepare("INSERT INTO c (u, n) VALUES ('private', 'private')").run();
    FAIL() << "text in an INTEGER column of a STRICT table";
  } catch (Broken const& broken) {
    EXPECT_THAT(broken.what(), testing::Not(testing::HasSubstr("private")));
  }
}

TEST_F(DatabaseTest, ATransactionThatIsNotCommittedNeverWas) {
  database.execute("CREATE TABLE t (x INTEGER)");
  {
    Transaction transaction(database);
    database.execute("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "0");
  {
    Transaction transaction(database);
    database.execute("INSERT INTO t VALUES (1)");
    transaction.commit();
  }
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "1");
}

TEST_F(DatabaseTest, AFullDatabaseIsBrokenAndWhatWasCommittedStays) {
  database.execute("CREATE TABLE t (x BLOB); INSERT INTO t VALUES (zeroblob(10))");
  database.execute("PRAGMA max_page_count = 10");
  EXPECT_THROW(
      {
        Transaction transaction(database);
        database.execute("INSERT INTO t VALUES (zeroblob(1000000))");
        transaction.commit();
      },
      Broken
  );
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "1");
  EXPECT_NO_THROW(database.execute("UPDATE t SET x = zeroblob(11)"));
}

TEST_F(DatabaseTest, AReadOnlyConnectionCannotWrite) {
  database.execute("CREATE TABLE t (x INTEGER)");
  Database reader(folder.path() / "a.db", {.access = Database::Access::read_only});
  EXPECT_THROW(reader.execute("INSERT INTO t VALUES (1)"), Broken);
}

TEST_F(DatabaseTest, AStatementThatRunsTooLongIsEnded) {
  database.limit_time(std::chrono::milliseconds(0));
  auto endless =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
  EXPECT_THROW(database.prepare(endless).run(), Broken);
  database.limit_time(std::chrono::minutes(1));
  EXPECT_EQ(ask("SELECT 'still here'"), "still here");
}

}  // namespace
}  // namespace keystead::store
