#include "store/postgres/migration.hpp"

#include <string>

namespace keystead::store::postgres {

void migrate(
    Connection& connection,
    std::span<std::pair<std::string_view, std::string_view> const> migrations
) {
  Transaction transaction(connection);
  connection.execute(
      "CREATE TABLE IF NOT EXISTS control_version (version bigint NOT NULL);"
      " INSERT INTO control_version SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM control_version)"
  );
  Statement known = connection.prepare("SELECT version FROM control_version");
  known.next();
  auto version = static_cast<std::size_t>(known.integer(0));
  if (version > migrations.size()) {
    throw Broken(
        connection.name() + " was written by a newer Keystead: its schema has version " +
        std::to_string(version) + ", this binary knows " + std::to_string(migrations.size())
    );
  }
  for (auto const& [name, sql] : migrations.subspan(version)) connection.execute(std::string(sql));
  connection.prepare("UPDATE control_version SET version = $1")
      .bind(static_cast<std::int64_t>(migrations.size()))
      .run();
  transaction.commit();
}

}  // namespace keystead::store::postgres
