#include "store/postgres/connection.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/postgres/pool.hpp"
#include "store/test_keys.hpp"
#include "store/test_postgres.hpp"

namespace keystead::store::postgres {
namespace {

using testing::HasSubstr;
using testing::Not;

template <class Act>
std::string why_broken(Act const& act) {
  try {
    act();
  } catch (Broken const& broken) {
    return broken.what();
  }
  return "nothing broke";
}

class ConnectionTest : public testing::Test {
 protected:
  void end_connections() {
    database.as_superuser().execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '" +
        database.name() + "'"
    );
  }

  TestDatabase database;
  Connection connection = database.connect();
};

TEST_F(ConnectionTest, ValuesOfEveryTypeComeBackAsTheyWere) {
  auto id = domain::TenantId::mint(system_random());
  std::string text = "\xc3\xa9 '\";-- $1";
  std::array<unsigned char, 3> bytes{0, 255, 7};
  auto row = connection.prepare("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9::bigint");
  row.bind(std::numeric_limits<std::int64_t>::min(), 5e-324, text, bytes, id, true, at(17), "");
  row.bind(std::optional<std::int64_t>());
  ASSERT_TRUE(row.next());
  EXPECT_EQ(row.integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.number(1), 5e-324);
  EXPECT_EQ(row.text(2), text);
  EXPECT_THAT(row.blob(3), testing::ElementsAreArray(bytes));
  EXPECT_EQ(row.id<domain::TenantId>(4), id);
  EXPECT_TRUE(row.boolean(5));
  EXPECT_EQ(row.time(6), at(17));
  EXPECT_EQ(row.text(7), "");
  EXPECT_TRUE(row.is_null(8));
  EXPECT_FALSE(row.next());
}

TEST_F(ConnectionTest, SmallNumbersKeepTheirSign) {
  auto row = connection.prepare("SELECT (-2)::smallint, (-3)::integer, (-4)::bigint, 0.1::float8");
  ASSERT_TRUE(row.next());
  EXPECT_EQ(row.integer(0), -2);
  EXPECT_EQ(row.integer(1), -3);
  EXPECT_EQ(row.integer(2), -4);
  EXPECT_EQ(row.number(3), 0.1);
}

TEST_F(ConnectionTest, AnErrorDoesNotRepeatTheValue) {
  auto cast = connection.prepare("SELECT $1::text::integer");
  cast.bind("canary");
  EXPECT_THAT(why_broken([&] { cast.run(); }), AllOf(HasSubstr("22P02"), Not(HasSubstr("canary"))));
  connection.execute("CREATE TEMP TABLE t (v text PRIMARY KEY)");
  auto insert = connection.prepare("INSERT INTO t VALUES ($1)");
  insert.bind("canary").run();
  EXPECT_THAT(why_broken([&] { insert.again().bind("canary").run(); }), Not(HasSubstr("canary")));
  auto violation = insert.again().bind("canary").try_run();
  EXPECT_EQ(violation.kind, Violation::Kind::unique);
  EXPECT_EQ(violation.text, "t_pkey");
}

TEST_F(ConnectionTest, Attack140MoreStatementsThanTheServerIsToRemember) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 400; ++i) {
      auto row = connection.prepare("SELECT $1 + " + std::to_string(i));
      ASSERT_TRUE(row.bind(1).next());
      ASSERT_EQ(row.integer(0), i + 1);
    }
  }
  auto count = connection.prepare("SELECT count(*) FROM pg_prepared_statements");
  ASSERT_TRUE(count.next());
  EXPECT_LT(count.integer(0), 300);
}

TEST_F(ConnectionTest, ATransactionThatIsNotCommittedIsRolledBack) {
  connection.execute("CREATE TEMP TABLE t (v integer)");
  {
    Transaction transaction(connection);
    connection.execute("INSERT INTO t VALUES (1)");
  }
  {
    Transaction transaction(connection);
    connection.execute("INSERT INTO t VALUES (2)");
    EXPECT_THROW(connection.execute("nonsense"), Broken);
  }
  EXPECT_TRUE(connection.is_usable());
  EXPECT_FALSE(connection.prepare("SELECT v FROM t").next());
}

TEST_F(ConnectionTest, AConnectionThatTheServerEndedIsBrokenAndKnownToBe) {
  EXPECT_TRUE(connection.is_usable());
  end_connections();
  EXPECT_FALSE(connection.is_usable());
  EXPECT_THROW(connection.execute("SELECT 1"), Broken);
}

TEST_F(ConnectionTest, Attack146OnlyOurSchemaIsSearched) {
  auto superuser = database.as_superuser();
  superuser.execute("CREATE TABLE public.trap (v integer); GRANT SELECT ON public.trap TO PUBLIC");
  EXPECT_THAT(
      why_broken([&] { connection.execute("SELECT * FROM trap"); }), HasSubstr("does not exist")
  );
}

TEST(PostgresUrl, APasswordIsShownNowhere) {
  for (auto text :
       {"postgresql://ada:canary@127.0.0.1:1/db",
        "postgresql://ada@127.0.0.1:1/db?password=canary",
        "postgres://ada:canary@127.0.0.1:1/db?connect_timeout=2"}) {
    auto url = Url::parse(Secret(text));
    ASSERT_TRUE(url);
    EXPECT_EQ(url->shown(), "postgresql://ada@127.0.0.1:1/db");
    auto why = why_broken([&] { Connection connection(*url); });
    EXPECT_THAT(why, AllOf(HasSubstr("refused"), Not(HasSubstr("canary")), Not(HasSubstr("\n"))));
  }
}

TEST(PostgresUrl, AUrlThatCannotBeReadIsNotRepeated) {
  for (auto text :
       {"postgresql://ada:canary@[::1/db",
        "postgresql://ada:canary@host/db?no_such_option=canary",
        "postgresql://ada:canary%zz@host/db",
        "host=canary",
        "/var/lib/canary",
        ""}) {
    auto url = Url::parse(Secret(text));
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error().public_text, Not(HasSubstr("canary")));
  }
}

TEST_F(ConnectionTest, APoolGivesAsManyAsItMayAndThenRefuses) {
  Pool pool(database.url(), {.connections_max = 2, .wait_max = std::chrono::milliseconds(1)});
  auto first = pool.take();
  {
    auto second = pool.take();
    EXPECT_THAT(why_broken([&] { pool.take(); }), HasSubstr("in use"));
  }
  EXPECT_EQ(why_broken([&] { pool.take(); }), "nothing broke");
}

TEST_F(ConnectionTest, APoolReplacesWhatTheServerHasClosed) {
  Pool pool(database.url(), {.connections_max = 1});
  pool.take()->execute("SELECT 1");
  end_connections();
  pool.take()->execute("SELECT 1");
  {
    auto lease = pool.take();
    end_connections();
    EXPECT_THROW(lease->execute("SELECT 1"), Broken);
  }
  pool.take()->execute("SELECT 1");
}

TEST_F(ConnectionTest, APoolThatCannotConnectStaysUsable) {
  auto gone = Url::parse(Secret("postgresql://127.0.0.1:1/db")).value();
  Pool pool(gone, {.connections_max = 1, .wait_max = std::chrono::milliseconds(1)});
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(why_broken([&] { pool.take(); }), HasSubstr("refused"));
  }
}

}  // namespace
}  // namespace keystead::store::postgres
