#include "store/postgres/row_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/column.hpp"
#include "store/test_tasks.hpp"

namespace keystead::store::postgres {
namespace {

using domain::FieldType;
using domain::FieldValue;
using testing::HasSubstr;

// An installation whose configuration changes between two starts.
class RowSchema : public testing::Test {
 protected:
  domain::Collection& tasks() { return stores.collections[0]; }
  domain::Field& field(std::string_view name) { return tasks().fields[tasks().find(name)]; }

  domain::Row add(std::vector<FieldValue> values) {
    return stores.open(tenant).insert(tasks(), std::move(values)).value();
  }
  domain::Row get(std::string const& id) { return stores.open(tenant).get(tasks(), id).value(); }
  std::string start() {
    try {
      stores.reopen();
    } catch (Broken const& broken) {
      return broken.what();
    }
    return "started";
  }

  TestStores stores{Backend::postgres};
  domain::TenantId tenant = new_tenant();
};

TEST_F(RowSchema, AFieldThatIsNewIsNullOrItsDefaultInOldRows) {
  auto row = add(task("old"));
  tasks().fields.push_back(make_field("note", FieldType::text));
  auto kind = make_field("kind", FieldType::text);
  kind.required = true;
  kind.default_value = FieldValue("plain");
  tasks().fields.push_back(kind);
  ASSERT_EQ(start(), "started") << "also that the wall is up again";
  EXPECT_EQ(get(row.id).values[8], FieldValue());
  EXPECT_EQ(get(row.id).values[9], FieldValue("plain"));
  EXPECT_EQ(start(), "started");
}

TEST_F(RowSchema, AColumnOfAnotherTypeIsBrokenAndNamed) {
  for (auto [name, type] :
       {std::pair{"title", FieldType::integer},
        {"count", FieldType::text},
        {"count", FieldType::boolean},
        {"done", FieldType::integer},
        {"weight", FieldType::integer}}) {
    auto before = field(name).type;
    field(name).type = type;
    EXPECT_THAT(start(), HasSubstr("collection tasks, field " + std::string(name)));
    field(name).type = before;
  }
  EXPECT_EQ(start(), "started");
}

TEST_F(RowSchema, UniquenessComesAndGoesWithTheConfiguration) {
  add(task("same", "x"));
  field("slug").unique = false;
  ASSERT_EQ(start(), "started");
  add(task("same", "x"));
  field("title").unique = true;
  EXPECT_THAT(start(), HasSubstr("collection tasks, field title"));
  field("title").unique = false;
  field("count").unique = true;
  ASSERT_EQ(start(), "started");
  auto values = task("t");
  values[2] = std::int64_t{1};
  add(values);
  EXPECT_EQ(stores.open(tenant).insert(tasks(), values).error().code, Code::conflict);
  EXPECT_TRUE(stores.open(new_tenant()).insert(tasks(), values)) << "within a tenant";
}

TEST_F(RowSchema, AChangeThatFailsChangesNothing) {
  add(task("same"));
  add(task("same"));
  tasks().fields.push_back(make_field("fresh", FieldType::text));
  field("title").unique = true;
  EXPECT_THAT(start(), HasSubstr("field title"));
  EXPECT_THROW(stores.database->connect().execute("SELECT f_fresh FROM c_tasks"), Broken);
}

TEST_F(RowSchema, NamesThatAreLongerThanTheServersStayApart) {
  tasks().name = std::string(63, 'c');
  tasks().fields = {
      make_field(std::string(62, 'f') + "a", FieldType::text),
      make_field(std::string(62, 'f') + "b", FieldType::integer),
  };
  tasks().fields[0].unique = tasks().fields[1].unique = true;
  for (int i = 0; i < 2; ++i) ASSERT_EQ(start(), "started");
  std::vector<FieldValue> values{"x", std::int64_t{1}};
  EXPECT_EQ(get(add(values).id).values, values);
  auto again = stores.open(tenant).insert(tasks(), {"y", std::int64_t{1}});
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().public_text, HasSubstr(tasks().fields[1].name + ": "));
}

TEST_F(RowSchema, ANameThatIsNoNameNeverReachesSql) {
  auto connection = stores.database->connect();
  for (auto name : {"x\" (y); DROP TABLE c_tasks; --", "", "1a", "A", "a b"}) {
    domain::Collection collection;
    collection.name = name;
    EXPECT_THROW(fit_schema(connection, std::span(&collection, 1)), std::logic_error);
  }
}

}  // namespace
}  // namespace keystead::store::postgres
