// The contract of ControlStore, on both databases.
#include "store/control_store_contract.hpp"

#include <map>

#include "store/postgres/postgres_control_store.hpp"
#include "store/sqlite/sqlite_control_store.hpp"
#include "store/test_postgres.hpp"

namespace keystead::store {
namespace {

// The database that stands for a folder.
TestDatabase const& database_of(std::filesystem::path const& folder) {
  static std::map<std::filesystem::path, TestDatabase> databases;
  return databases[folder];
}

INSTANTIATE_TEST_SUITE_P(
    Sqlite,
    ControlStoreContract,
    testing::Values(StoreKind{"sqlite", [](auto const& folder) { return open_sqlite(folder); }})
);

INSTANTIATE_TEST_SUITE_P(
    Postgres,
    ControlStoreContract,
    testing::Values(StoreKind{"postgres", [](auto const& folder) {
                                return open_postgres(database_of(folder).url()).value();
                              }})
);

}  // namespace
}  // namespace keystead::store
