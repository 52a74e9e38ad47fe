// The API keys of the control plane in SQLite.
#include <array>

#include "store/key_acts.hpp"
#include "store/membership_table.hpp"
#include "store/sqlite/sqlite_control_store.hpp"

namespace keystead::store {

std::optional<domain::ApiKey> SqliteControlStore::accept(std::optional<KeyTable::Row> row) {
  if (!row) return std::nullopt;
  if (row->is_sealed) return std::move(row->key);
  ++broken_seals_;
  return std::nullopt;
}

void SqliteControlStore::note(std::span<KeyEnd const> ends) {
  if (auto done = note_ends(journal_, ends); !done) throw Broken(done.error().public_text);
}

Result<void> SqliteControlStore::add_key(
    domain::ApiKey const& key, KeyQuota const& quota, domain::AuditEntry const& entry
) {
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  KeyTable keys = keys_to_write();
  TRY(check_parent(keys, key));
  TRY(check_owner(writer_.database, key));
  TRY(check_quota(keys, key, quota));
  TRY(keys.insert(key));
  append(entry);
  transaction.commit();
  return {};
}

std::optional<domain::ApiKey> SqliteControlStore::find_key(domain::KeyDigest const& digest) {
  std::scoped_lock lock(reader_.mutex);
  return accept(keys_to_read().find(digest));
}

std::optional<domain::ApiKey> SqliteControlStore::find_key(domain::KeyId const& id) {
  std::scoped_lock lock(reader_.mutex);
  return accept(keys_to_read().find(id));
}

std::vector<domain::ApiKey> SqliteControlStore::list_keys(
    std::optional<domain::TenantId> const& tenant
) {
  std::scoped_lock lock(reader_.mutex);
  auto rows = keys_to_read().list(tenant);
  for (auto& row : rows) {
    if (row.is_sealed) continue;
    row.key.revoked_at = Time{};
    ++broken_seals_;
  }
  return keys_of(std::move(rows));
}

Result<std::vector<domain::ApiKey>> SqliteControlStore::revoke_key(
    domain::KeyId const& id, Time when, domain::AuditEntry const& entry
) {
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  KeyTable keys = keys_to_write();
  auto rows = keys.with_descendants(id);
  if (rows.empty()) return no_such_key();
  std::size_t count = TRY(revoke(keys, rows, when));
  append(entry);
  if (count > 0) note(std::array{KeyEnd{id, when}});
  transaction.commit();
  return keys_of(std::move(rows));
}

Result<domain::ApiKey> SqliteControlStore::rename_key(
    domain::KeyId const& id, std::string const& name, domain::AuditEntry const& entry
) {
  if (name.contains('\0')) return fail(Code::invalid_request, "the key's name holds a NUL");
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  auto key = accept(keys_to_write().find(id));
  if (!key) return no_such_key();
  writer_.database.prepare("UPDATE api_key SET name = ? WHERE id = ?").bind(name, id).run();
  append(entry);
  transaction.commit();
  key->name = name;
  return std::move(*key);
}

Result<std::vector<domain::ApiKey>> SqliteControlStore::rotate_key(
    domain::KeyId const& old_key,
    Time old_expires_at,
    domain::ApiKey const& new_key,
    Time now,
    domain::AuditEntry const& entry
) {
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  KeyTable keys = keys_to_write();
  auto old = accept(keys.find(old_key));
  if (!old) return no_such_key();
  TRY(check_rotation(*old, new_key, now));
  auto rows = keys.with_descendants(old_key);
  TRY(expire(keys, rows, old_expires_at));
  TRY(check_parent(keys, new_key));
  TRY(check_owner(writer_.database, new_key));
  TRY(keys.insert(new_key));
  append(entry);
  Time end = rows.front().key.expires_at.value_or(old_expires_at);
  note(std::array{KeyEnd{old_key, end, KeyEnd::Counts::after_restore}});
  transaction.commit();
  return keys_of(std::move(rows));
}

Result<void> SqliteControlStore::settle_digest(
    domain::KeyId const& id, domain::KeyDigest const& digest, int pepper_version
) {
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  KeyTable keys = keys_to_write();
  auto key = accept(keys.find(id));
  if (!key) return no_such_key();
  if (key->revoked_at) return fail(Code::conflict, "the key is revoked");
  bool is_settled = key->digest_form == domain::DigestForm::of_key;
  if (is_settled && key->digest == digest) return {};
  if (is_settled) return fail(Code::conflict, "the key has a digest of its own already");
  key->digest = digest;
  key->digest_form = domain::DigestForm::of_key;
  key->pepper_version = pepper_version;
  TRY(keys.update({.key = std::move(*key), .is_sealed = true}));
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
  KeyTable(database, seal()).each_active(now, [&](KeyTable::Row const& row) {
    if (row.is_sealed)
      visit(row.key);
    else
      ++broken_seals_;
  });
}

}  // namespace keystead::store
