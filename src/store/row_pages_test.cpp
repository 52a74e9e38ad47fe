// Pages of TenantStore::list and their cursors.
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/base64url.hpp"
#include "store/test_tasks.hpp"

namespace keystead::store {
namespace {

using domain::FieldValue;

class RowPages : public testing::TestWithParam<Backend> {
 protected:
  void add(FieldValue count, FieldValue weight = {}, FieldValue done = {}) {
    auto values = task("t" + std::to_string(added++));
    values[2] = std::move(count);
    values[3] = std::move(weight);
    values[4] = std::move(done);
    ASSERT_TRUE(store.insert(stores.tasks(), values));
  }
  // Every row's values of `field`, page by page of `limit`.
  std::string walk(std::string const& sort, bool descending, std::size_t limit) {
    RowQuery query{.sort = sort, .descending = descending, .limit = limit};
    std::size_t field = stores.tasks().find(sort);
    std::string text;
    std::set<std::string> seen;
    do {
      auto page = store.list(stores.tasks(), query);
      if (!page) return page.error().public_text;
      EXPECT_LE(page->rows.size(), limit);
      for (auto const& row : page->rows) {
        EXPECT_TRUE(seen.insert(row.id).second) << "a row came twice";
        text += field < 8 ? render(row.values[field]) + " " : "";
      }
      if (!page->next_cursor.empty()) text += "| ";
      query.cursor = page->next_cursor;
    } while (!query.cursor.empty() && seen.size() <= added && !HasFailure());
    EXPECT_EQ(seen.size(), added) << "a row was left out";
    return text;
  }
  static std::string render(FieldValue const& value) {
    if (auto const* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
    if (auto const* real = std::get_if<double>(&value)) return std::to_string(*real);
    if (auto const* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
    if (auto const* text = std::get_if<std::string>(&value)) return *text;
    return "null";
  }
  std::string refusal(RowQuery const& query) {
    auto page = store.list(stores.tasks(), query);
    if (page) return "accepted";
    EXPECT_EQ(page.error().code, Code::invalid_request);
    return page.error().public_text;
  }

  std::size_t added = 0;
  TestStores stores{GetParam()};
  TenantStore store = stores.open(new_tenant());
};

INSTANTIATE_TEST_SUITE_P(
    Backends, RowPages, testing::Values(Backend::sqlite, Backend::postgres), name_of
);

TEST_P(RowPages, WalkEveryRowOnceAndNullComesBeforeEveryValue) {
  for (auto count : {3, 1, 2, 2, 2}) add(std::int64_t{count});
  add({});
  add({});
  EXPECT_EQ(walk("count", false, 2), "null null | 1 2 | 2 2 | 3 ");
  EXPECT_EQ(walk("count", false, 1), "null | null | 1 | 2 | 2 | 2 | 3 ");
  EXPECT_EQ(walk("count", true, 2), "3 2 | 2 2 | 1 null | null ");
  EXPECT_EQ(walk("count", true, 3), "3 2 2 | 2 1 null | null ");
  EXPECT_EQ(walk("count", true, 7), "3 2 2 2 1 null null ");
  EXPECT_EQ(walk("count", false, 200), "null null 1 2 2 2 3 ");
}

TEST_P(RowPages, WalkByEveryKindOfColumn) {
  for (int i = 0; i < 7; ++i) {
    add(std::int64_t{i % 3}, i / 10.0, i % 2 == 0);
    stores.clock.time += std::chrono::milliseconds(i % 2);
  }
  for (auto sort :
       {"id", "created_at", "updated_at", "title", "slug", "weight", "done", "due", "seen"}) {
    for (bool descending : {false, true}) {
      SCOPED_TRACE(sort);
      walk(sort, descending, 2);
    }
  }
  EXPECT_EQ(walk("done", false, 4), "false false false true | true true true ");
}

TEST_P(RowPages, NeighbouringNumbersAreNeitherRepeatedNorSkipped) {
  double number = 0.1;
  for (int i = 0; i < 20; ++i, number = std::nextafter(number, 1)) add({}, number);
  add({}, -0.0);
  add({}, 0.0);
  add({}, 1e308);
  add({}, 5e-324);
  walk("weight", false, 1);
  walk("weight", true, 1);
}

TEST_P(RowPages, RowsThatComeAndGoBetweenPagesDisturbNoOther) {
  for (int i = 0; i < 4; ++i) add(std::int64_t{10} * i);
  RowQuery query{.sort = "count", .limit = 2};
  auto first = store.list(stores.tasks(), query);
  ASSERT_TRUE(store.remove(stores.tasks(), first->rows[1].id));
  add(std::int64_t{5});
  add(std::int64_t{15});
  query.cursor = first->next_cursor;
  auto second = store.list(stores.tasks(), query);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->rows[0].values[2], FieldValue(std::int64_t{15}));
  EXPECT_EQ(second->rows[1].values[2], FieldValue(std::int64_t{20}));
}

TEST_P(RowPages, ACursorOfAnotherOrderIsRefused) {
  for (int i = 0; i < 3; ++i) add(std::int64_t{i});
  auto cursor = store.list(stores.tasks(), {.sort = "count", .limit = 1})->next_cursor;
  EXPECT_EQ(refusal({.sort = "count", .cursor = cursor}), "accepted");
  EXPECT_THAT(refusal({.sort = "weight", .cursor = cursor}), testing::HasSubstr("another sort"));
  EXPECT_THAT(
      refusal({.sort = "count", .descending = true, .cursor = cursor}),
      testing::HasSubstr("another sort")
  );
}

TEST_P(RowPages, Attack139AForgedCursorIsRefusedAndNeverAFault) {
  add(std::int64_t{1});
  std::string id = "\"018f0000-0000-7000-8000-000000000000\"";
  for (std::string const& text :
       {std::string("[\"count\",false,1]"),
        std::string("[\"count\",false,1,\"x\"]"),
        "[\"count\",false,\"1\"," + id + "]",
        "[\"count\",false,1.5," + id + "]",
        "[\"count\",false,[1]," + id + "]",
        "[\"count\",false,{}," + id + "]",
        "[\"count\",0,1," + id + "]",
        "[\"count\",false,18446744073709551615," + id + "]",
        "[\"count\",false,[[1]]," + id + "]",
        std::string("{}"),
        std::string("[]"),
        std::string("1"),
        std::string("nonsense"),
        std::string(),
        std::string(100'000, '[')}) {
    auto cursor = codec::base64url_encode(text);
    if (!cursor.empty()) {
      EXPECT_NE(refusal({.sort = "count", .cursor = cursor}), "accepted") << text;
    }
  }
  for (auto cursor : {"!", "====", "A", "%00"}) {
    EXPECT_NE(refusal({.sort = "count", .cursor = cursor}), "accepted") << cursor;
  }
  EXPECT_NE(refusal({.sort = "count", .cursor = std::string(1'000'000, 'A')}), "accepted");
  auto with_nul = codec::base64url_encode("[\"title\",false,\"\\u0000\"," + id + "]");
  EXPECT_NE(refusal({.sort = "title", .cursor = with_nul}), "accepted");
  auto no_number = codec::base64url_encode("[\"weight\",false,[9221120237041090560]," + id + "]");
  EXPECT_NE(refusal({.sort = "weight", .cursor = no_number}), "accepted") << "a NaN";
}

TEST_P(RowPages, ACursorCutAnywhereIsRefused) {
  for (int i = 0; i < 3; ++i) add(std::int64_t{i});
  auto cursor = store.list(stores.tasks(), {.sort = "count", .limit = 1})->next_cursor;
  for (std::size_t size = 1; size < cursor.size(); ++size) {
    EXPECT_NE(refusal({.sort = "count", .cursor = cursor.substr(0, size)}), "accepted") << size;
  }
}

}  // namespace
}  // namespace keystead::store
