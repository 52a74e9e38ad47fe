#include "store/sqlite/tenant_file.hpp"

#include "store/sqlite/migration.hpp"
#include "store/sqlite/tenant_schema.hpp"

namespace keystead::store {
namespace {

// Small, because many files are open at once.
constexpr int kCacheKib = 512;

bool is_empty(Database& database) {
  Statement statement =
      database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name <> 'owner'");
  return !statement.next();
}

// The wall of the file: it names its owner, and opens for no other.
void check_owner(Database& database, FileOwner const& owner) {
  Statement owners = database.prepare("SELECT tenant, environment FROM owner");
  if (owners.next()) {
    bool is_own =
        owners.id<domain::TenantId>(0) == owner.tenant && owners.integer(1) == owner.environment;
    if (is_own && !owners.next()) return;
    throw Broken(database.name() + " does not belong to the tenant that it is named after");
  }
  if (!is_empty(database)) throw Broken(database.name() + " does not say whose it is");
  database.prepare("INSERT INTO owner (tenant, environment) VALUES (?, ?)")
      .bind(owner.tenant, int{owner.environment})
      .run();
}

}  // namespace

TenantFile::TenantFile(
    std::filesystem::path file,
    FileOwner const& owner,
    std::span<domain::Collection const> collections,
    std::chrono::milliseconds time_max
)
    : file_(std::move(file)), owner_(owner), collections_(collections), time_max_(time_max) {}

Result<TenantFile::Use> TenantFile::use() {
  std::unique_lock lock(mutex_);
  if (is_removed_) return fail(Code::not_found, "the tenant does not exist any more");
  if (!database_) open();
  database_->limit_time(time_max_);
  return Use(std::move(lock), *database_);
}

void TenantFile::open() {
  auto database = std::make_unique<Database>(file_, Database::Options{.cache_kib = kCacheKib});
  migrate(*database, kTenantMigrations);
  check_owner(*database, owner_);
  fit_schema(*database, owner_.tenant, collections_);
  database_ = std::move(database);
}

void TenantFile::remove() {
  std::scoped_lock lock(mutex_);
  is_removed_ = true;
  database_.reset();
  for (char const* suffix : {"", "-wal", "-shm"}) {
    auto part = file_;
    part += suffix;
    std::error_code error;
    std::filesystem::remove(part, error);
    if (error) throw Broken(part.filename().string() + ": cannot remove it: " + error.message());
  }
}

}  // namespace keystead::store
