// The two walls between tenants, each tried with the other one off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite/database.hpp"
#include "store/test_tasks.hpp"

namespace keystead::store {
namespace {

using domain::FieldValue;

class TenantWalls : public testing::TestWithParam<Backend> {
 protected:
  // Takes the outer wall away: puts a row of B, with the slug that A uses too, into A's file, or
  // into the table, which shows it to everybody from now on.
  std::string smuggle_row_of_b(std::string id = format_uuid(random_uuid(system_random()))) {
    stores.open(a);
    constexpr char kColumns[] = "created_at, updated_at, f_title, f_slug, tenant, id";
    std::string insert = "INSERT INTO c_tasks (" + std::string(kColumns);
    if (stores.database) {
      auto raw = stores.database->as_superuser();
      raw.execute("ALTER TABLE c_tasks DISABLE ROW LEVEL SECURITY");
      raw.prepare(insert + ", environment) VALUES (1, 1, 'canary', 'same', $1, $2, '0')")
          .bind(b, id)
          .run();
    } else {
      Database raw(stores.file_of(a));
      raw.prepare(insert + ") VALUES (1, 1, 'canary', 'same', ?, ?)").bind(b, id).run();
    }
    return id;
  }
  // The smuggled row, as it lies there.
  std::string row_of_b() {
    std::string select = "SELECT f_title || updated_at FROM c_tasks WHERE tenant = ";
    auto read = [&](auto statement) {
      return statement.bind(b).next() ? std::string(statement.text(0)) : std::string("nothing");
    };
    if (stores.database) {
      auto raw = stores.database->as_superuser();
      return read(raw.prepare(select + "$1"));
    }
    Database raw(stores.file_of(a));
    return read(raw.prepare(select + "?"));
  }
  std::string all_of(TenantStore& store, RowQuery const& query = {}) {
    std::string text;
    for (auto const& row : store.list(stores.tasks(), query)->rows) {
      text += std::get<std::string>(row.values[0]) + " ";
    }
    return text;
  }

  TestStores stores{GetParam()};
  domain::TenantId a = new_tenant(), b = new_tenant();
};

INSTANTIATE_TEST_SUITE_P(
    Backends, TenantWalls, testing::Values(Backend::sqlite, Backend::postgres), name_of
);

TEST_P(TenantWalls, Attack150WithoutTheOuterWallARowOfAnotherTenantIsNotFound) {
  std::string foreign = smuggle_row_of_b();
  auto store = stores.open(a);
  ASSERT_TRUE(store.insert(stores.tasks(), task("own")));

  EXPECT_EQ(store.get(stores.tasks(), foreign).error().code, Code::not_found);
  std::vector<std::pair<std::size_t, FieldValue>> changes{{0, "stolen"}};
  EXPECT_EQ(store.update(stores.tasks(), foreign, changes).error().code, Code::not_found);
  EXPECT_EQ(store.remove(stores.tasks(), foreign).error().code, Code::not_found);
  EXPECT_EQ(row_of_b(), "canary1") << "neither changed nor deleted";
}

TEST_P(TenantWalls, Attack150WithoutTheOuterWallARowOfTheSameIdIsLeftAlone) {
  auto store = stores.open(a);
  std::string id = store.insert(stores.tasks(), task("own"))->id;
  smuggle_row_of_b(id);
  std::vector<std::pair<std::size_t, FieldValue>> changes{{0, "changed"}};
  EXPECT_EQ(store.update(stores.tasks(), id, changes)->values[0], FieldValue("changed"));
  EXPECT_EQ(row_of_b(), "canary1");
  ASSERT_TRUE(store.remove(stores.tasks(), id));
  EXPECT_EQ(row_of_b(), "canary1");
  EXPECT_EQ(store.get(stores.tasks(), id).error().code, Code::not_found);
}

TEST_P(TenantWalls, Attack10WithoutTheOuterWallListsShowOwnRowsOnly) {
  std::string foreign = smuggle_row_of_b();
  auto store = stores.open(a);
  ASSERT_TRUE(store.insert(stores.tasks(), task("own")));
  EXPECT_EQ(all_of(store), "own ");
  EXPECT_EQ(all_of(store, {.conditions = {{"id", Comparison::equal, foreign}}}), "");
  EXPECT_EQ(all_of(store, {.conditions = {{"title", Comparison::contains, "canary"}}}), "");
  EXPECT_EQ(all_of(store, {.conditions = {{"slug", Comparison::equal, "same"}}}), "");
  for (auto sort : {"id", "slug", "created_at", "count"}) {
    for (bool descending : {false, true}) {
      RowQuery query{.sort = sort, .descending = descending, .limit = 1};
      EXPECT_EQ(all_of(store, query), "own ") << sort;
      EXPECT_EQ(store.list(stores.tasks(), query)->next_cursor, "")
          << "not even that there is more";
    }
  }
}

TEST_P(TenantWalls, Attack10WithoutTheOuterWallACursorLeadsToOwnRowsOnly) {
  smuggle_row_of_b();
  auto store = stores.open(a);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(store.insert(stores.tasks(), task("own")));
  for (auto sort : {"id", "slug", "count"}) {
    for (bool descending : {false, true}) {
      RowQuery query{.sort = sort, .descending = descending, .limit = 1};
      std::string text;
      do {
        auto page = store.list(stores.tasks(), query);
        for (auto const& row : page->rows) text += std::get<std::string>(row.values[0]) + " ";
        query.cursor = page->next_cursor;
      } while (!query.cursor.empty());
      EXPECT_EQ(text, "own own own ") << sort;
    }
  }
}

TEST_P(TenantWalls, EnvironmentsOfATenantAreApart) {
  auto live = stores.open(a), test = stores.open(a, 1);
  auto row = live.insert(stores.tasks(), task("live", "same"));
  ASSERT_TRUE(row);
  EXPECT_TRUE(test.insert(stores.tasks(), task("test", "same")));
  EXPECT_EQ(all_of(live), "live ");
  EXPECT_EQ(all_of(test), "test ");
  EXPECT_EQ(test.get(stores.tasks(), row->id).error().code, Code::not_found);
  EXPECT_EQ(test.update(stores.tasks(), row->id, {}).error().code, Code::not_found);
  EXPECT_EQ(test.remove(stores.tasks(), row->id).error().code, Code::not_found);
  stores.reopen();
  auto again = stores.open(a, 1);
  EXPECT_EQ(all_of(again), "test ");
  stores.stores->remove(a);
  stores.reopen();
  for (auto environment : {std::uint8_t{0}, std::uint8_t{1}}) {
    auto empty = stores.open(a, environment);
    EXPECT_EQ(all_of(empty), "") << "removed in every environment";
  }
}

TEST_P(TenantWalls, WithoutTheOuterWallUniqueValuesDoNotTellOfAnotherTenant) {
  smuggle_row_of_b();
  auto store = stores.open(a);
  EXPECT_TRUE(store.insert(stores.tasks(), task("own", "same")));
  EXPECT_EQ(store.insert(stores.tasks(), task("twice", "same")).error().code, Code::conflict);
}

// What only files have.
class FileWall : public testing::Test {
 protected:
  TestStores stores;
  domain::TenantId a = new_tenant(), b = new_tenant();
};

TEST_F(FileWall, Attack150WithoutTheRowWallAFileHoldsOwnRowsOnly) {
  for (auto const& tenant : {a, b}) {
    auto store = stores.open(tenant);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(store.insert(stores.tasks(), task(tenant.text())));
    std::vector<std::pair<std::size_t, FieldValue>> changes{{1, "changed"}};
    auto first = store.list(stores.tasks(), {.limit = 1})->rows[0].id;
    ASSERT_TRUE(store.update(stores.tasks(), first, changes));
  }
  for (auto const& tenant : {a, b}) {
    Database raw(stores.file_of(tenant));
    Statement all = raw.prepare("SELECT tenant, f_title FROM c_tasks");
    int count = 0;
    for (; all.next(); ++count) {
      EXPECT_EQ(all.id<domain::TenantId>(0), tenant);
      EXPECT_EQ(all.text(1), tenant.text());
    }
    EXPECT_EQ(count, 3);
  }
}

TEST_F(FileWall, Attack10SwappedFilesAreRefusedUntouched) {
  for (auto const& tenant : {a, b}) {
    ASSERT_TRUE(stores.open(tenant).insert(stores.tasks(), task(tenant.text())));
  }
  stores.stores.reset();
  auto aside = stores.options.folder / "aside";
  std::filesystem::rename(stores.file_of(a), aside);
  std::filesystem::rename(stores.file_of(b), stores.file_of(a));
  std::filesystem::rename(aside, stores.file_of(b));
  auto before = read_file(stores.file_of(a));
  stores.reopen();
  EXPECT_THROW(stores.open(a), Broken);
  EXPECT_THROW(stores.open(b), Broken);
  EXPECT_THROW(stores.open(a), Broken) << "the second try is refused like the first";
  EXPECT_EQ(read_file(stores.file_of(a)), before);
}

TEST_F(FileWall, AFileOfAnotherEnvironmentIsRefused) {
  ASSERT_TRUE(stores.open(a).insert(stores.tasks(), task("a")));
  stores.stores.reset();
  std::filesystem::rename(stores.file_of(a), stores.options.folder / (a.text() + ".1.db"));
  stores.reopen();
  EXPECT_THROW(stores.open(a, 1), Broken);
}

TEST_F(FileWall, AFileThatLostItsOwnerIsRefused) {
  ASSERT_TRUE(stores.open(a).insert(stores.tasks(), task("a")));
  stores.stores.reset();
  {
    Database(stores.file_of(a)).execute("DELETE FROM owner");
  }
  stores.reopen();
  EXPECT_THROW(stores.open(a), Broken);
  {
    Database(stores.file_of(a))
        .execute("INSERT INTO owner (tenant) VALUES (zeroblob(16)), (randomblob(16))");
  }
  EXPECT_THROW(stores.open(a), Broken);
}

TEST_F(FileWall, TheFilesArePrivate) {
  stores.open(a);
  EXPECT_EQ(mode_of(stores.options.folder), 0700u);
  EXPECT_EQ(mode_of(stores.file_of(a)), 0600u);
}

}  // namespace
}  // namespace keystead::store
