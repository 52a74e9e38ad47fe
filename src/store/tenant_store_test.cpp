#include "store/tenant_store.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <list>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite/database.hpp"
#include "store/test_tasks.hpp"

namespace keystead::store {
namespace {

using domain::FieldValue;
using domain::Row;

class Rows {
 protected:
  explicit Rows(Backend backend) : stores(backend) {}

  Row add(std::vector<FieldValue> values) {
    auto row = store.insert(stores.tasks(), std::move(values));
    EXPECT_TRUE(row) << row.error().public_text;
    return row ? *row : Row{};
  }
  template <class T>
  std::string refusal(Result<T> const& result, Code code) {
    if (result) return "accepted";
    EXPECT_EQ(result.error().code, code);
    return result.error().public_text;
  }
  // The titles that match, in order.
  std::string titles(std::vector<Condition> conditions, std::string sort = "title") {
    auto page =
        store.list(stores.tasks(), {.conditions = std::move(conditions), .sort = std::move(sort)});
    if (!page) return page.error().public_text;
    std::string text;
    for (auto const& row : page->rows) text += std::get<std::string>(row.values[0]) + " ";
    return text;
  }

  TestStores stores;
  domain::TenantId tenant = new_tenant();
  TenantStore store = stores.open(tenant);
};

class TenantStoreTest : public Rows, public testing::TestWithParam<Backend> {
 protected:
  TenantStoreTest() : Rows(GetParam()) {}
};

INSTANTIATE_TEST_SUITE_P(
    Backends, TenantStoreTest, testing::Values(Backend::sqlite, Backend::postgres), name_of
);

// What only files have.
class TenantFilesTest : public Rows, public testing::Test {
 protected:
  TenantFilesTest() : Rows(Backend::sqlite) {}
};

TEST_P(TenantStoreTest, ARowOfEveryTypeComesBackAsItWas) {
  std::vector<FieldValue> values{
      "title \xc3\xa9 '\";--",
      "s",
      std::numeric_limits<std::int64_t>::min(),
      0.1,
      true,
      "2026-11-22",
      "2026-11-22T16:50:00Z",
      "open"
  };
  auto made = add(values);
  EXPECT_EQ(made.values, values);
  EXPECT_TRUE(parse_uuid(made.id));
  EXPECT_EQ(made.created_at, stores.clock.time);
  auto read = store.get(stores.tasks(), made.id);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->values, values);
  EXPECT_EQ(read->updated_at, stores.clock.time);

  std::vector<FieldValue> nulls(8);
  EXPECT_EQ(add(nulls).values, nulls);
}

TEST_P(TenantStoreTest, UpdateChangesOnlyWhatItNames) {
  auto row = add(task("before", "s"));
  stores.clock.time += std::chrono::seconds(1);
  std::vector<std::pair<std::size_t, FieldValue>> changes{{2, std::int64_t{7}}, {0, "after"}};
  auto changed = store.update(stores.tasks(), row.id, changes);
  ASSERT_TRUE(changed);
  auto expected = task("after", "s");
  expected[2] = std::int64_t{7};
  EXPECT_EQ(changed->values, expected);
  EXPECT_EQ(changed->created_at, row.created_at);
  EXPECT_EQ(changed->updated_at, stores.clock.time);
}

TEST_P(TenantStoreTest, WhatIsNotThereIsNotFound) {
  auto row = add(task("a"));
  ASSERT_TRUE(store.remove(stores.tasks(), row.id));
  for (std::string const& id : {row.id, std::string("1"), std::string(), std::string("a\0b", 3)}) {
    refusal(store.get(stores.tasks(), id), Code::not_found);
    refusal(store.update(stores.tasks(), id, {}), Code::not_found);
    refusal(store.remove(stores.tasks(), id), Code::not_found);
  }
}

TEST_P(TenantStoreTest, AUniqueValueIsTakenOnceAndNullNever) {
  add(task("a", "taken"));
  auto other = add(task("b"));
  add(task("c"));
  EXPECT_THAT(
      refusal(store.insert(stores.tasks(), task("d", "taken")), Code::conflict),
      testing::HasSubstr("slug")
  );
  std::vector<std::pair<std::size_t, FieldValue>> changes{{0, "x"}, {1, "taken"}};
  EXPECT_THAT(
      refusal(store.update(stores.tasks(), other.id, changes), Code::conflict),
      testing::HasSubstr("slug")
  );
  EXPECT_EQ(titles({}), "a b c ");
}

TEST_P(TenantStoreTest, Attack139TextAndNumbersStayDifferent) {
  auto row = add(task("1", "1"));
  EXPECT_EQ(row.values[0], FieldValue("1"));
  EXPECT_EQ(titles({{"title", Comparison::equal, "1"}}), "1 ");
  EXPECT_EQ(titles({{"title", Comparison::equal, "1.0"}}), "");
  EXPECT_EQ(titles({{"title", Comparison::equal, " 1"}}), "");
  EXPECT_THAT(
      titles({{"title", Comparison::equal, std::int64_t{1}}}), testing::HasSubstr("expected text")
  );
  EXPECT_THAT(
      titles({{"count", Comparison::equal, "1"}}), testing::HasSubstr("expected an integer")
  );
  EXPECT_THAT(
      titles({{"count", Comparison::equal, 1.0}}), testing::HasSubstr("expected an integer")
  );
  EXPECT_THAT(
      titles({{"done", Comparison::equal, std::int64_t{1}}}), testing::HasSubstr("true or false")
  );

  auto values = task("x");
  values[2] = "1";
  EXPECT_THAT(
      refusal(store.insert(stores.tasks(), values), Code::invalid_request),
      testing::HasSubstr("count")
  );
  std::vector<std::pair<std::size_t, FieldValue>> changes{{0, std::int64_t{1}}};
  refusal(store.update(stores.tasks(), row.id, changes), Code::invalid_request);
}

TEST_P(TenantStoreTest, Attack139NulAndBrokenTextAreRefused) {
  for (std::string const& text :
       {std::string("a\0b", 3), std::string("\xff"), std::string("\xed\xa0\x80")}) {
    refusal(store.insert(stores.tasks(), task(text)), Code::invalid_request);
    refusal(store.insert(stores.tasks(), task("a", text)), Code::invalid_request);
    EXPECT_THAT(titles({{"title", Comparison::equal, text}}), testing::HasSubstr("title: "));
  }
  EXPECT_EQ(titles({}), "");
}

TEST_P(TenantStoreTest, ANumberIsFinite) {
  for (double number :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    auto values = task("a");
    values[3] = number;
    refusal(store.insert(stores.tasks(), values), Code::invalid_request);
  }
  auto values = task("whole");
  values[3] = std::int64_t{3};
  EXPECT_EQ(add(values).values[3], FieldValue(3.0));
}

TEST_P(TenantStoreTest, DateTimesCompareAsTimes) {
  auto with_time = [](std::string title, std::string time) {
    auto values = task(std::move(title));
    values[6] = std::move(time);
    return values;
  };
  add(with_time("b", "2026-11-22T16:50:00.250Z"));
  add(with_time("a", "2026-11-22T18:50:00+02:00"));
  EXPECT_EQ(titles({}, "seen"), "a b ");
  EXPECT_EQ(titles({{"seen", Comparison::greater, "2026-11-22T16:50:00Z"}}), "b ");
  EXPECT_EQ(titles({{"seen", Comparison::equal, "2026-11-22T16:50:00.000Z"}}), "a ");
  EXPECT_THAT(titles({{"seen", Comparison::equal, "yesterday"}}), testing::HasSubstr("seen: "));
  EXPECT_EQ(titles({{"created_at", Comparison::less, "1970-01-01T00:16:40.001Z"}}), "a b ");
  EXPECT_EQ(titles({{"created_at", Comparison::less, "1970-01-01T00:16:40Z"}}), "");
}

TEST_P(TenantStoreTest, ConditionsSelectAndNullDiffersFromEveryValue) {
  for (auto const& [title, count] :
       {std::pair{"a", FieldValue(std::int64_t{1})},
        {"b", FieldValue(std::int64_t{2})},
        {"c", FieldValue()}}) {
    auto values = task(title);
    values[2] = count;
    add(values);
  }
  FieldValue one = std::int64_t{1};
  EXPECT_EQ(titles({{"count", Comparison::equal, one}}), "a ");
  EXPECT_EQ(titles({{"count", Comparison::not_equal, one}}), "b c ");
  EXPECT_EQ(titles({{"count", Comparison::greater, one}}), "b ");
  EXPECT_EQ(titles({{"count", Comparison::greater_or_equal, one}}), "a b ");
  EXPECT_EQ(titles({{"count", Comparison::less_or_equal, one}}), "a ");
  EXPECT_EQ(titles({{"count", Comparison::less, one}}), "");
  EXPECT_EQ(titles({{"count", Comparison::equal, {}}}), "c ");
  EXPECT_EQ(titles({{"count", Comparison::not_equal, {}}}), "a b ");
  EXPECT_EQ(titles({{"count", Comparison::not_equal, {}}, {"title", Comparison::less, "b"}}), "a ");
}

TEST_P(TenantStoreTest, ContainsLooksForTheTextItself) {
  for (auto title : {"Alpha", "100%", "a_c", "abc", "back\\slash"}) add(task(title));
  auto with = [&](std::string text) {
    return titles({{"title", Comparison::contains, std::move(text)}});
  };
  EXPECT_EQ(with("LPH"), "Alpha ");
  EXPECT_EQ(with("%"), "100% ");
  EXPECT_EQ(with("a_c"), "a_c ");
  EXPECT_EQ(with("\\"), "back\\slash ");
  EXPECT_EQ(with("' OR 1=1 --"), "");
  EXPECT_EQ(titles({{"status", Comparison::contains, "op"}}), "");
  EXPECT_THAT(
      titles({{"count", Comparison::contains, std::int64_t{1}}}), testing::HasSubstr("text only")
  );
}

TEST_P(TenantStoreTest, TextSortsAndComparesByItsBytes) {
  for (auto title : {"b", "B", "\xc3\xa4", "a", "z", "_", "a b", "ab"}) add(task(title));
  EXPECT_EQ(titles({}), "B _ a a b ab b z \xc3\xa4 ");
  EXPECT_EQ(titles({{"title", Comparison::greater, "a"}}), "a b ab b z \xc3\xa4 ");
  EXPECT_EQ(titles({{"title", Comparison::less_or_equal, "_"}}), "B _ ");
  EXPECT_EQ(titles({{"title", Comparison::contains, "\xc3\x84"}}), "") << "only a-z have case";
}

TEST_P(TenantStoreTest, AQueryBeyondTheLimitsIsRefusedAndNotAFault) {
  auto ask = [&](RowQuery const& query) {
    return refusal(store.list(stores.tasks(), query), Code::invalid_request);
  };
  ask({.limit = 0});
  ask({.limit = 201});
  ask({.sort = "nothing"});
  ask({.sort = "title; DROP TABLE owner"});
  ask({.conditions = {{"nothing", Comparison::equal, "x"}}});
  ask({.conditions = {{"title\" = 1 OR \"f_title", Comparison::equal, "x"}}});
  ask({.conditions = {{"count", Comparison::less, {}}}});
  ask({.conditions = {{"title", Comparison::contains, std::string(60'000, 'a')}}});
  ask({.conditions = std::vector<Condition>(2'000, {"title", Comparison::equal, "x"})});
}

TEST_F(TenantFilesTest, AQueryThatTakesTooLongIsEnded) {
  {
    Database raw(stores.file_of(tenant));
    raw.prepare(
           "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
           "INSERT INTO c_tasks (tenant, id, created_at, updated_at, f_title)"
           " SELECT ?, 'id' || i, 1, 1, 'title' FROM n"
    )
        .bind(tenant)
        .run();
  }
  EXPECT_TRUE(store.list(stores.tasks(), {.sort = "title"}));
  stores.options.query_time_max = std::chrono::milliseconds(0);
  stores.reopen();
  auto slow = stores.open(tenant);
  EXPECT_THROW((void)slow.list(stores.tasks(), {.sort = "title"}), Broken);
}

TEST_P(TenantStoreTest, RowsSurviveReopening) {
  auto row = add(task("kept", "s"));
  stores.reopen();
  EXPECT_EQ(stores.open(tenant).get(stores.tasks(), row.id)->values, row.values);
}

TEST_F(TenantFilesTest, MoreTenantsThanOpenFiles) {
  std::vector<std::pair<domain::TenantId, std::string>> rows;
  for (int i = 0; i < 20; ++i) {
    auto other = new_tenant();
    rows.emplace_back(other, stores.open(other).insert(stores.tasks(), task("t"))->id);
  }
  auto descriptors = std::distance(
      std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()
  );
  EXPECT_LT(descriptors, 8 * 3 + 30) << "files are closed again";
  for (auto const& [other, id] : rows) EXPECT_TRUE(stores.open(other).get(stores.tasks(), id));
  EXPECT_TRUE(store.insert(stores.tasks(), task("held"))) << "a file in use is not closed";
}

TEST_P(TenantStoreTest, ManyThreadsUseManyTenantsAtOnce) {
  std::vector<domain::TenantId> tenants(12);
  std::ranges::generate(tenants, new_tenant);
  {
    std::list<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        for (int i = 0; i < 48; ++i) {
          auto mine = stores.open(tenants[static_cast<std::size_t>(i) % tenants.size()]);
          auto row = mine.insert(stores.tasks(), task("t"));
          ASSERT_TRUE(row);
          EXPECT_TRUE(mine.get(stores.tasks(), row->id));
        }
      });
    }
  }
  for (auto const& each : tenants) {
    EXPECT_EQ(stores.open(each).list(stores.tasks(), {})->rows.size(), 16u);
  }
}

TEST_P(TenantStoreTest, ARemovedTenantIsNotMadeAnew) {
  add(task("a"));
  auto other = new_tenant();
  auto kept = stores.open(other).insert(stores.tasks(), task("kept"))->id;
  stores.stores->remove(tenant);
  refusal(store.insert(stores.tasks(), task("late")), Code::not_found);
  refusal(store.list(stores.tasks(), {}), Code::not_found);
  auto late = stores.open(tenant);
  refusal(late.insert(stores.tasks(), task("later")), Code::not_found);
  EXPECT_NO_THROW(stores.stores->remove(tenant)) << "twice is once";
  EXPECT_NO_THROW(stores.stores->remove(new_tenant()));
  EXPECT_TRUE(stores.open(other).get(stores.tasks(), kept));
  stores.reopen();
  EXPECT_TRUE(stores.open(tenant).list(stores.tasks(), {})->rows.empty()) << "all was deleted";
}

TEST_P(TenantStoreTest, ATenantIsRemovedWhileOthersWriteToIt) {
  std::atomic<bool> refused = false;
  {
    std::jthread writer([&] {
      auto mine = stores.open(tenant);
      while (mine.insert(stores.tasks(), task("t"))) {
      }
      refused = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stores.stores->remove(tenant);
  }
  EXPECT_TRUE(refused);
  stores.reopen();
  EXPECT_TRUE(stores.open(tenant).list(stores.tasks(), {})->rows.empty());
}

TEST_F(TenantFilesTest, ARemovedTenantLeavesNoFile) {
  add(task("a"));
  stores.stores->remove(tenant);
  stores.open(tenant);
  refusal(store.insert(stores.tasks(), task("late")), Code::not_found);
  EXPECT_TRUE(std::filesystem::is_empty(stores.options.folder));
}

}  // namespace
}  // namespace keystead::store
