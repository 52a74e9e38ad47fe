// The two walls between tenants, each tried with the other one off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite/database.hpp"
#include "store/test_tasks.hpp"

namespace keystead::store {
namespace {

using domain::FieldValue;

class TenantWalls : public testing::Test {
 protected:
  // Takes the wall of the file away: puts a row of B, with the slug that A uses too, into A's file.
  std::string smuggle_row_of_b(std::string id = format_uuid(random_uuid(system_random()))) {
    stores.open(a);
    Database raw(stores.file_of(a));
    raw.prepare(
           "INSERT INTO c_tasks (tenant, id, created_at, updated_at, f_title, f_slug)"
           " VALUES (?, ?, 1, 1, 'canary', 'same')"
    )
        .bind(b, id)
        .run();
    return id;
  }
  std::string all_of(TenantStore& store, RowQuery const& query = {}) {
    std::string text;
    for (auto const& row : store.list(stores.tasks(), query)->rows) {
      text += std::get<std::string>(row.values[0]) + " ";
    }
    return text;
  }

  TestStores stores;
  domain::TenantId a = new_tenant(), b = new_tenant();
};

TEST_F(TenantWalls, Attack150WithoutTheFileWallARowOfAnotherTenantIsNotFound) {
  std::string foreign = smuggle_row_of_b();
  auto store = stores.open(a);
  ASSERT_TRUE(store.insert(stores.tasks(), task("own")));

  EXPECT_EQ(store.get(stores.tasks(), foreign).error().code, Code::not_found);
  std::vector<std::pair<std::size_t, FieldValue>> changes{{0, "stolen"}};
  EXPECT_EQ(store.update(stores.tasks(), foreign, changes).error().code, Code::not_found);
  EXPECT_EQ(store.remove(stores.tasks(), foreign).error().code, Code::not_found);

  Database raw(stores.file_of(a));
  Statement left = raw.prepare("SELECT f_title FROM c_tasks WHERE id = ?");
  ASSERT_TRUE(left.bind(foreign).next());
  EXPECT_EQ(left.text(0), "canary") << "neither changed nor deleted";
}

TEST_F(TenantWalls, Attack150WithoutTheFileWallARowOfTheSameIdIsLeftAlone) {
  auto store = stores.open(a);
  std::string id = store.insert(stores.tasks(), task("own"))->id;
  smuggle_row_of_b(id);
  auto row_of_b = [&] {
    Database raw(stores.file_of(a));
    Statement row = raw.prepare("SELECT f_title || updated_at FROM c_tasks WHERE tenant = ?");
    return row.bind(b).next() ? std::string(row.text(0)) : std::string("nothing");
  };
  std::vector<std::pair<std::size_t, FieldValue>> changes{{0, "changed"}};
  EXPECT_EQ(store.update(stores.tasks(), id, changes)->values[0], FieldValue("changed"));
  EXPECT_EQ(row_of_b(), "canary1");
  ASSERT_TRUE(store.remove(stores.tasks(), id));
  EXPECT_EQ(row_of_b(), "canary1");
  EXPECT_EQ(store.get(stores.tasks(), id).error().code, Code::not_found);
}

TEST_F(TenantWalls, Attack10WithoutTheFileWallListsShowOwnRowsOnly) {
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

TEST_F(TenantWalls, Attack10WithoutTheFileWallACursorLeadsToOwnRowsOnly) {
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

TEST_F(TenantWalls, WithoutTheFileWallUniqueValuesDoNotTellOfAnotherTenant) {
  smuggle_row_of_b();
  auto store = stores.open(a);
  EXPECT_TRUE(store.insert(stores.tasks(), task("own", "same")));
  EXPECT_EQ(store.insert(stores.tasks(), task("twice", "same")).error().code, Code::conflict);
}

TEST_F(TenantWalls, Attack150WithoutTheRowWallAFileHoldsOwnRowsOnly) {
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

TEST_F(TenantWalls, Attack10SwappedFilesAreRefusedUntouched) {
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

TEST_F(TenantWalls, AFileThatLostItsOwnerIsRefused) {
  ASSERT_TRUE(stores.open(a).insert(stores.tasks(), task("a")));
  stores.stores.reset();
  {
    Database(stores.file_of(a)).execute("DELETE FROM owner");
  }
  stores.reopen();
  EXPECT_THROW(stores.open(a), Broken);
  {
    Database(stores.file_of(a))
        .execute("INSERT INTO owner VALUES (zeroblob(16)), (randomblob(16))");
  }
  EXPECT_THROW(stores.open(a), Broken);
}

TEST_F(TenantWalls, TheFilesArePrivate) {
  stores.open(a);
  EXPECT_EQ(mode_of(stores.options.folder), 0700u);
  EXPECT_EQ(mode_of(stores.file_of(a)), 0600u);
}

}  // namespace
}  // namespace keystead::store
