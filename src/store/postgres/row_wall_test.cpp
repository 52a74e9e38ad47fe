// The outer wall around rows in PostgreSQL, tried with the row's own one off: by statements that
// bind no tenant.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/postgres/row_schema.hpp"
#include "store/test_tasks.hpp"

namespace keystead::store {
namespace {

using postgres::Connection;
using postgres::Transaction;

class RowWall : public testing::Test {
 protected:
  RowWall() {
    for (auto const& tenant : {a, b}) {
      EXPECT_TRUE(stores.open(tenant).insert(stores.tasks(), task(tenant.text(), "same")));
    }
  }
  void enter(domain::TenantId const& tenant, std::string const& environment = "0") {
    raw.prepare(
           "SELECT set_config('keystead.tenant', $1, true),"
           " set_config('keystead.environment', $2, true)"
    )
        .bind(tenant.text(), environment)
        .run();
  }
  std::string titles() {
    auto statement = raw.prepare("SELECT f_title FROM c_tasks ORDER BY f_title");
    std::string text;
    while (statement.next()) text += std::string(statement.text(0)) + " ";
    return text;
  }
  std::int64_t changed(std::string const& sql) {
    auto statement = raw.prepare(sql);
    statement.run();
    return statement.changes();
  }
  std::int64_t count_beneath(std::string const& condition) {
    auto superuser = stores.database->as_superuser();
    auto statement = superuser.prepare("SELECT count(*) FROM c_tasks WHERE " + condition);
    statement.next();
    return statement.integer(0);
  }

  TestStores stores{Backend::postgres};
  domain::TenantId a = new_tenant(), b = new_tenant();
  Connection raw = stores.database->connect();
};

TEST_F(RowWall, Attack150WithoutTheRowWallATransactionSeesOneTenant) {
  for (auto const& tenant : {a, b}) {
    Transaction transaction(raw);
    enter(tenant);
    EXPECT_EQ(titles(), tenant.text() + " ");
  }
  Transaction transaction(raw);
  enter(new_tenant());
  EXPECT_EQ(titles(), "");
}

TEST_F(RowWall, Attack150WithoutTheRowWallAChangeReachesOneTenant) {
  {
    Transaction transaction(raw);
    enter(a);
    EXPECT_EQ(changed("UPDATE c_tasks SET f_title = 'stolen'"), 1);
    EXPECT_EQ(changed("DELETE FROM c_tasks"), 1);
    transaction.commit();
  }
  EXPECT_EQ(count_beneath("f_title = 'stolen'"), 0);
  EXPECT_EQ(count_beneath("true"), 1);
}

TEST_F(RowWall, Attack10ARowCannotBeMadeForOrGivenToAnotherTenant) {
  for (auto sql :
       {"INSERT INTO c_tasks (tenant, environment, id, created_at, updated_at)"
        " VALUES ($1, '0', 'x', 1, 1)",
        "UPDATE c_tasks SET tenant = $1",
        "INSERT INTO c_tasks (tenant, environment, id, created_at, updated_at)"
        " SELECT $1, '0', id, 1, 1 FROM c_tasks"}) {
    Transaction transaction(raw);
    enter(a);
    EXPECT_THROW(raw.prepare(sql).bind(b).run(), Broken) << sql;
  }
  EXPECT_EQ(count_beneath("true"), 2);
}

TEST_F(RowWall, WithoutATenantThereIsNothingButAnError) {
  EXPECT_THROW(titles(), Broken) << "never named";
  {
    Transaction transaction(raw);
    enter(a);
    transaction.commit();
  }
  EXPECT_THROW(titles(), Broken) << "named by a transaction that is over";
  {
    Transaction transaction(raw);
    enter(a);
  }
  EXPECT_THROW(titles(), Broken) << "named by one that was rolled back";
}

TEST_F(RowWall, EnvironmentsOfATenantAreApart) {
  Transaction transaction(raw);
  enter(a, "1");
  EXPECT_EQ(titles(), "");
  EXPECT_EQ(changed("DELETE FROM c_tasks"), 0);
  EXPECT_THROW(
      raw.execute(
          "INSERT INTO c_tasks (tenant, environment, id, created_at, updated_at)"
          " VALUES ('" +
          a.text() + "', '0', 'x', 1, 1)"
      ),
      Broken
  );
}

TEST_F(RowWall, EveryEnvironmentAtOnceIsForLookingAndRemovingOnly) {
  {
    Transaction transaction(raw);
    enter(a, "*");
    EXPECT_EQ(titles(), a.text() + " ");
    EXPECT_THROW(raw.execute("UPDATE c_tasks SET f_title = 'x'"), Broken);
  }
  Transaction transaction(raw);
  enter(a, "*");
  EXPECT_EQ(changed("DELETE FROM c_tasks"), 1);
}

TEST_F(RowWall, Attack140ASharedConnectionServesEachTenantItsOwnRows) {
  stores.connections_max = 1;
  stores.reopen();
  // More often than the server waits until it keeps one plan for all.
  for (int i = 0; i < 20; ++i) {
    for (auto const& tenant : {a, b}) {
      auto page = stores.open(tenant).list(stores.tasks(), {.sort = "title"});
      ASSERT_EQ(page->rows.size(), 1u);
      EXPECT_EQ(page->rows[0].values[0], domain::FieldValue(tenant.text()));
    }
  }
}

TEST_F(RowWall, AUniqueValueThatNoIndexHoldsIsTheCallersMistake) {
  std::string noise;
  for (int i = 0; i < 200; ++i) noise += format_uuid(random_uuid(system_random()));
  auto row = stores.open(a).insert(stores.tasks(), task("t", noise));
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, Code::invalid_request);
}

TEST_F(RowWall, AQueryThatWaitsTooLongIsEnded) {
  stores.options.query_time_max = std::chrono::milliseconds(20);
  stores.reopen();
  auto superuser = stores.database->as_superuser();
  Transaction transaction(superuser);
  superuser.execute("LOCK TABLE c_tasks IN ACCESS EXCLUSIVE MODE");
  EXPECT_THROW((void)stores.open(a).list(stores.tasks(), {}), Broken);
}

}  // namespace
}  // namespace keystead::store
