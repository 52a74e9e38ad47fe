#include "store/sqlite/migration.hpp"

namespace keystead::store {
namespace {

std::size_t version_of(Database& database) {
  Statement statement = database.prepare("PRAGMA user_version");
  statement.next();
  return static_cast<std::size_t>(statement.integer(0));
}

void refuse_newer(Database& database, std::size_t version, std::size_t known) {
  if (version <= known) return;
  throw Broken(
      database.name() + " was written by a newer Keystead: its schema has version " +
      std::to_string(version) + ", this binary knows " + std::to_string(known)
  );
}

}  // namespace

void migrate(Database& database, std::span<Migration const> migrations) {
  std::size_t version = version_of(database);
  refuse_newer(database, version, migrations.size());
  for (; version < migrations.size(); ++version) {
    Transaction transaction(database);
    // Read again under the lock: another connection may have taken the step meanwhile.
    if (version_of(database) != version) continue;
    database.execute(std::string(migrations[version].second));
    database.execute("PRAGMA user_version = " + std::to_string(version + 1));
    transaction.commit();
  }
}

}  // namespace keystead::store
