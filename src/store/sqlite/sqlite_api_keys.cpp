// The API keys of the control plane in SQLite.
#include "store/sqlite/sqlite_control_store.hpp"

namespace keystead::store {
namespace {

#define KEYSTEAD_KEY_COLUMNS                                                            \
  "id, tenant, name, prefix, environment, scopes, digest, pepper_version, created_at, " \
  "expires_at, revoked_at, last_used_at"

constexpr char kInsert[] =
    "INSERT INTO api_key (" KEYSTEAD_KEY_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr char kSelectById[] = "SELECT " KEYSTEAD_KEY_COLUMNS " FROM api_key WHERE id = ?";
constexpr char kSelectByDigest[] = "SELECT " KEYSTEAD_KEY_COLUMNS " FROM api_key WHERE digest = ?";
constexpr char kSelectAll[] =
    "SELECT " KEYSTEAD_KEY_COLUMNS " FROM api_key ORDER BY created_at DESC, rowid DESC";
constexpr char kSelectOfTenant[] =
    "SELECT " KEYSTEAD_KEY_COLUMNS
    " FROM api_key WHERE tenant = ? ORDER BY created_at DESC, rowid DESC";
constexpr char kSelectActive[] =
    "SELECT " KEYSTEAD_KEY_COLUMNS
    " FROM api_key WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)";

#undef KEYSTEAD_KEY_COLUMNS

// Writes over the strings that are there, so that reading many rows into one key allocates little.
void split_scopes(std::string_view text, std::vector<std::string>& scopes) {
  std::size_t count = 0;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(' '), text.size());
    if (count == scopes.size()) scopes.emplace_back();
    scopes[count++].assign(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  scopes.resize(count);
}

void read_key(Statement const& row, domain::ApiKey& key) {
  key.id = row.id<domain::KeyId>(0);
  key.tenant = row.id<domain::TenantId>(1);
  key.name.assign(row.text(2));
  key.prefix.assign(row.text(3));
  key.environment.assign(row.text(4));
  split_scopes(row.text(5), key.scopes);
  row.copy_blob(6, key.digest);
  key.pepper_version = static_cast<int>(row.integer(7));
  key.created_at = row.time(8);
  key.expires_at = row.time_or_null(9);
  key.revoked_at = row.time_or_null(10);
  key.last_used_at = row.time_or_null(11);
}

std::optional<domain::ApiKey> read_one(Statement& statement) {
  if (!statement.next()) return std::nullopt;
  domain::ApiKey key;
  read_key(statement, key);
  return key;
}

std::optional<domain::ApiKey> select_key(Database& database, domain::KeyId const& id) {
  Statement statement = database.prepare(kSelectById);
  return read_one(statement.bind(id));
}

// One text for the list. A space inside a scope would come back as two scopes, so it is refused.
Result<std::string> join_scopes(std::vector<std::string> const& scopes) {
  std::string text;
  for (auto const& scope : scopes) {
    if (scope.empty() || scope.find_first_of(std::string_view(" \0", 2)) != std::string::npos) {
      return fail(Code::invalid_request, "a scope is empty or holds a space");
    }
    if (!text.empty()) text += ' ';
    text += scope;
  }
  return text;
}

Result<void> insert_key(Database& database, domain::ApiKey const& key) {
  for (auto const* text : {&key.name, &key.prefix, &key.environment}) {
    if (text->contains('\0')) return fail(Code::invalid_request, "the key's name holds a NUL");
  }
  std::string scopes = TRY(join_scopes(key.scopes));
  Statement insert = database.prepare(kInsert);
  insert.bind(key.id, key.tenant, key.name, key.prefix, key.environment, scopes);
  insert.bind(key.digest, key.pepper_version, key.created_at);
  insert.bind(key.expires_at, key.revoked_at, key.last_used_at);
  switch (insert.try_run().kind) {
    case Violation::Kind::none: return {};
    case Violation::Kind::unique: return fail(Code::conflict, "the key exists already");
    case Violation::Kind::foreign_key: break;
  }
  return fail(Code::not_found, "no such tenant");
}

}  // namespace

Result<void> SqliteControlStore::add_key(domain::ApiKey const& key) {
  std::scoped_lock lock(writer_.mutex);
  return insert_key(writer_.database, key);
}

std::optional<domain::ApiKey> SqliteControlStore::find_key(domain::KeyDigest const& digest) {
  std::scoped_lock lock(reader_.mutex);
  Statement statement = reader_.database.prepare(kSelectByDigest);
  return read_one(statement.bind(digest));
}

std::optional<domain::ApiKey> SqliteControlStore::find_key(domain::KeyId const& id) {
  std::scoped_lock lock(reader_.mutex);
  return select_key(reader_.database, id);
}

std::vector<domain::ApiKey> SqliteControlStore::list_keys(
    std::optional<domain::TenantId> const& tenant
) {
  std::scoped_lock lock(reader_.mutex);
  Statement statement = reader_.database.prepare(tenant ? kSelectOfTenant : kSelectAll);
  if (tenant) statement.bind(*tenant);
  std::vector<domain::ApiKey> keys;
  while (statement.next()) read_key(statement, keys.emplace_back());
  return keys;
}

Result<domain::ApiKey> SqliteControlStore::revoke_key(domain::KeyId const& id, Time when) {
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  writer_.database.prepare("UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL")
      .bind(when, id)
      .run();
  auto key = select_key(writer_.database, id);
  if (!key) return fail(Code::not_found, "no such key");
  transaction.commit();
  return std::move(*key);
}

Result<void> SqliteControlStore::rotate_key(
    domain::KeyId const& old_key, Time old_expires_at, domain::ApiKey const& new_key, Time now
) {
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  auto old = select_key(writer_.database, old_key);
  if (!old) return fail(Code::not_found, "no such key");
  if (old->revoked_at) return fail(Code::conflict, "the key is revoked");
  if (old->expires_at && *old->expires_at <= now) return fail(Code::conflict, "the key is expired");
  if (old->tenant != new_key.tenant) {
    return fail(Code::invalid_request, "a key is rotated within its tenant");
  }
  writer_.database
      .prepare("UPDATE api_key SET expires_at = min(coalesce(expires_at, ?1), ?1) WHERE id = ?2")
      .bind(old_expires_at, old_key)
      .run();
  TRY(insert_key(writer_.database, new_key));
  transaction.commit();
  return {};
}

void SqliteControlStore::note_key_uses(std::span<KeyUse const> uses) {
  if (uses.empty()) return;
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  {
    Statement update = writer_.database.prepare(
        "UPDATE api_key SET last_used_at = ?1 WHERE id = ?2 AND coalesce(last_used_at, 0) < ?1"
    );
    for (auto const& use : uses) update.again().bind(use.used_at, use.key).run();
  }
  transaction.commit();
}

void SqliteControlStore::each_active_key(
    Time now, std::function<void(domain::ApiKey const&)> const& visit
) {
  // A connection of its own: a long pass holds up no other reader, and `visit` may use the store.
  Database database(file_, {.access = Database::Access::read_only});
  Statement statement = database.prepare(kSelectActive);
  statement.bind(now);
  domain::ApiKey key;
  while (statement.next()) {
    read_key(statement, key);
    visit(key);
  }
}

}  // namespace keystead::store
