// A collection with a field of every type, and stores with a clock that tests set, for this room's
// tests.
#pragma once

#include <array>

#include "store/tenant_store.hpp"
#include "store/test_folder.hpp"
#include "store/test_keys.hpp"
#include "store/test_permit.hpp"

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

// The stores of one installation, on a folder of their own.
struct TestStores {
  explicit TestStores(domain::Collection collection = make_tasks(), std::size_t open_files_max = 8)
      : collections{std::move(collection)} {
    options.open_files_max = open_files_max;
    reopen();
  }

  void reopen() {
    stores.emplace(
        options, std::span<domain::Collection const>(collections), clock, system_random()
    );
  }
  TenantStore open(domain::TenantId const& tenant) { return stores->open(permit_for(tenant)); }
  std::filesystem::path file_of(domain::TenantId const& tenant) const {
    return options.folder / (tenant.text() + ".db");
  }
  domain::Collection const& tasks() const { return collections[0]; }

  TestFolder folder;
  std::array<domain::Collection, 1> collections;
  TestClock clock;
  TenantStores::Options options{.folder = folder.path() / "tenants"};
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
