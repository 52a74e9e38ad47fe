// A collection with a field of every type, and stores with a clock that tests set, for this room's
// tests.
#pragma once

#include <array>
#include <optional>

#include <gtest/gtest.h>

#include "store/postgres/postgres_row_store.hpp"
#include "store/tenant_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_keys.hpp"
#include "store/test_permit.hpp"
#include "store/test_postgres.hpp"

namespace keystead::store {

inline domain::Field make_field(std::string name, domain::FieldType type) {
  domain::Field field;
  field.name = std::move(name);
  field.type = type;
  return field;
}

inline domain::Collection make_tasks() {
  using enum domain::FieldType;
  domain::Collection tasks;
  tasks.name = "tasks";
  tasks.fields = {
      make_field("title", text),
      make_field("slug", text),
      make_field("count", integer),
      make_field("weight", number),
      make_field("done", boolean),
      make_field("due", date),
      make_field("seen", datetime),
      make_field("status", choice),
  };
  tasks.fields[1].unique = true;
  tasks.fields[7].choices = {"open", "closed"};
  return tasks;
}

class TestClock final : public Clock {
 public:
  Time now() const override { return time; }
  Time time = at(1'000'000);
};

enum class Backend { sqlite, postgres };

// For INSTANTIATE_TEST_SUITE_P over testing::Values(Backend::sqlite, Backend::postgres).
inline std::string name_of(testing::TestParamInfo<Backend> const& info) {
  return info.param == Backend::sqlite ? "Sqlite" : "Postgres";
}

// The stores of one installation, on a folder or a database of their own.
struct TestStores {
  explicit TestStores(Backend backend = Backend::sqlite) {
    options.open_files_max = 8;
    if (backend == Backend::postgres) database.emplace();
    reopen();
  }

  void reopen() {
    std::span<domain::Collection const> all(collections);
    stores.reset();
    if (database) {
      PostgresRowOptions rows{
          .connections_max = connections_max, .query_time_max = options.query_time_max
      };
      stores.emplace(open_postgres_rows(database->url(), rows, all), clock, system_random());
    } else {
      stores.emplace(options, all, clock, system_random());
    }
  }
  TenantStore open(domain::TenantId const& tenant, std::uint8_t environment = 0) {
    return stores->open(permit_for(tenant, environment));
  }
  std::filesystem::path file_of(domain::TenantId const& tenant) const {
    return options.folder / (tenant.text() + ".db");
  }
  domain::Collection const& tasks() const { return collections[0]; }

  TestFolder folder;
  std::optional<TestDatabase> database;  // of PostgreSQL
  std::array<domain::Collection, 1> collections{make_tasks()};
  TestClock clock;
  TenantStores::Options options{
      .folder = folder.path() / "tenants"
  };  // of SQLite, but for the time
  std::size_t connections_max = 8;
  std::optional<TenantStores> stores;
};

inline domain::TenantId new_tenant() {
  return domain::TenantId::mint(system_random());
}

// The fields of make_tasks(); those that are left out are null.
inline std::vector<domain::FieldValue> task(std::string title, domain::FieldValue slug = {}) {
  std::vector<domain::FieldValue> values(8);
  values[0] = std::move(title);
  values[1] = std::move(slug);
  return values;
}

}  // namespace keystead::store
