#include "store/sqlite/tenant_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_tasks.hpp"

namespace keystead::store {
namespace {

using domain::FieldType;
using domain::FieldValue;

// An installation whose configuration changes between two starts.
class TenantSchema : public testing::Test {
 protected:
  domain::Collection& tasks() { return stores.collections[0]; }
  domain::Field& field(std::string_view name) { return tasks().fields[tasks().find(name)]; }

  domain::Row add(std::vector<FieldValue> values) {
    return stores.open(tenant).insert(tasks(), std::move(values)).value();
  }
  domain::Row get(std::string const& id) { return stores.open(tenant).get(tasks(), id).value(); }
  std::string why_broken() {
    stores.reopen();
    try {
      stores.open(tenant);
    } catch (Broken const& broken) {
      return broken.what();
    }
    return "opened";
  }

  TestStores stores;
  domain::TenantId tenant = new_tenant();
};

TEST_F(TenantSchema, AFieldThatIsNewIsNullInOldRows) {
  auto row = add(task("old"));
  tasks().fields.push_back(make_field("note", FieldType::text));
  stores.reopen();
  EXPECT_EQ(get(row.id).values.back(), FieldValue());
  auto values = task("new");
  values.push_back("noted");
  EXPECT_EQ(get(add(values).id).values.back(), FieldValue("noted"));
}

TEST_F(TenantSchema, ANewRequiredFieldGetsItsDefaultInOldRows) {
  auto row = add(task("old"));
  auto kind = make_field("kind", FieldType::text);
  kind.required = true;
  kind.default_value = FieldValue("plain");
  tasks().fields.push_back(kind);
  stores.reopen();
  EXPECT_EQ(get(row.id).values.back(), FieldValue("plain"));
}

TEST_F(TenantSchema, AnOrderOfFieldsIsOnlyAnOrder) {
  auto row = add(task("title", "slug"));
  std::swap(tasks().fields[0], tasks().fields[1]);
  stores.reopen();
  EXPECT_EQ(get(row.id).values[0], FieldValue("slug"));
  EXPECT_EQ(get(row.id).values[1], FieldValue("title"));
}

TEST_F(TenantSchema, AFieldThatIsTakenAwayAndPutBackStillHasItsValues) {
  auto row = add(task("title", "slug"));
  auto all = tasks().fields;
  tasks().fields.pop_back();
  tasks().fields.erase(tasks().fields.begin() + 1);
  stores.reopen();
  EXPECT_EQ(get(row.id).values.size(), 6u);
  tasks().fields = all;
  stores.reopen();
  EXPECT_EQ(get(row.id).values[1], FieldValue("slug"));
}

TEST_F(TenantSchema, AColumnOfAnotherTypeIsBrokenAndNamed) {
  add(task("a"));
  for (auto [name, type] :
       {std::pair{"title", FieldType::integer},
        {"count", FieldType::text},
        {"count", FieldType::boolean},
        {"done", FieldType::integer},
        {"weight", FieldType::integer}}) {
    auto before = field(name).type;
    field(name).type = type;
    EXPECT_THAT(why_broken(), testing::HasSubstr("collection tasks, field " + std::string(name)));
    field(name).type = before;
  }
  EXPECT_EQ(why_broken(), "opened");
}

TEST_F(TenantSchema, UniquenessComesAndGoesWithTheConfiguration) {
  add(task("same", "x"));
  field("slug").unique = false;
  stores.reopen();
  add(task("same", "x"));
  field("title").unique = true;
  EXPECT_THAT(why_broken(), testing::HasSubstr("collection tasks, field title"));
  field("title").unique = false;
  field("count").unique = true;
  stores.reopen();
  auto values = task("t");
  values[2] = std::int64_t{1};
  add(values);
  EXPECT_EQ(stores.open(tenant).insert(tasks(), values).error().code, Code::conflict);
}

TEST_F(TenantSchema, AChangeThatFailsChangesNothing) {
  add(task("same"));
  add(task("same"));
  tasks().fields.insert(tasks().fields.begin(), make_field("fresh", FieldType::text));
  field("title").unique = true;
  EXPECT_THAT(why_broken(), testing::HasSubstr("field title"));
  Database raw(stores.file_of(tenant));
  EXPECT_FALSE(
      raw.prepare("SELECT 1 FROM pragma_table_info('c_tasks') WHERE name = 'f_fresh'").next()
  );
}

TEST_F(TenantSchema, OpeningAFileThatFitsWritesNothing) {
  add(task("a"));
  stores.stores.reset();
  auto before = read_file(stores.file_of(tenant));
  stores.reopen();
  stores.open(tenant);
  auto log = stores.file_of(tenant);
  log += "-wal";
  EXPECT_EQ(read_file(log), "");
  EXPECT_EQ(read_file(stores.file_of(tenant)), before);
}

TEST_F(TenantSchema, Attack100ATenantFileOfANewerVersionIsRefused) {
  add(task("a"));
  stores.stores.reset();
  Database(stores.file_of(tenant)).execute("PRAGMA user_version = 99");
  EXPECT_THAT(why_broken(), testing::HasSubstr("newer Keystead"));
}

TEST(TenantSchemaNames, NamesOfUnderscoresDoNotCollide) {
  // a_b with field c, and a with field b_c.
  domain::Collection first, second;
  first.name = "a_b";
  first.fields = {make_field("c", FieldType::text)};
  second.name = "a";
  second.fields = {make_field("b_c", FieldType::text)};
  first.fields[0].unique = second.fields[0].unique = true;
  TestFolder folder;
  Database database(folder.path() / "t.db");
  std::vector both{first, second};
  fit_schema(database, new_tenant(), both);
  Statement count = database.prepare("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'u.%'");
  ASSERT_TRUE(count.next());
  EXPECT_EQ(count.integer(0), 2);
}

TEST(TenantSchemaNames, ANameThatIsNoNameNeverReachesSql) {
  TestFolder folder;
  Database database(folder.path() / "t.db");
  for (auto name : {"x\" (y); DROP TABLE owner; --", "", "1a", "A", "a b"}) {
    domain::Collection collection;
    collection.name = name;
    EXPECT_THROW(fit_schema(database, new_tenant(), std::span(&collection, 1)), std::logic_error);
  }
}

}  // namespace
}  // namespace keystead::store
