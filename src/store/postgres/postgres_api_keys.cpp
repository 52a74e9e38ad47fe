// The API keys of the control plane in PostgreSQL.
#include "store/key_acts.hpp"
#include "store/membership_table.hpp"
#include "store/postgres/postgres_control_store.hpp"
#include "store/postgres/writing.hpp"

namespace keystead::store {
namespace {

// A pass over all keys at the start takes as long as there are keys.
constexpr std::chrono::minutes kPassTimeMax{10};

}  // namespace

std::optional<domain::ApiKey> PostgresControlStore::accept(std::optional<KeyRow> row) {
  if (!row) return std::nullopt;
  if (row->is_sealed) return std::move(row->key);
  ++broken_seals_;
  return std::nullopt;
}

Result<void> PostgresControlStore::add_key(
    domain::ApiKey const& key, KeyQuota const& quota, domain::AuditEntry const& entry
) {
  Writing writing(*this);
  KeyTable keys(*writing, seal());
  TRY(check_parent(keys, key));
  TRY(check_owner(*writing, key));
  TRY(check_quota(keys, key, quota));
  TRY(keys.insert(key));
  writing.commit_with(entry);
  return {};
}

std::optional<domain::ApiKey> PostgresControlStore::find_key(domain::KeyDigest const& digest) {
  auto reader = readers_.take();
  return accept(KeyTable(*reader, seal()).find(digest));
}

std::optional<domain::ApiKey> PostgresControlStore::find_key(domain::KeyId const& id) {
  auto reader = readers_.take();
  return accept(KeyTable(*reader, seal()).find(id));
}

std::vector<domain::ApiKey> PostgresControlStore::list_keys(
    std::optional<domain::TenantId> const& tenant
) {
  auto reader = readers_.take();
  auto rows = KeyTable(*reader, seal()).list(tenant);
  for (auto& row : rows) {
    if (row.is_sealed) continue;
    row.key.revoked_at = Time{};
    ++broken_seals_;
  }
  return keys_of(std::move(rows));
}

Result<std::vector<domain::ApiKey>> PostgresControlStore::revoke_key(
    domain::KeyId const& id, Time when, domain::AuditEntry const& entry
) {
  Writing writing(*this);
  KeyTable keys(*writing, seal());
  auto rows = keys.with_descendants(id);
  if (rows.empty()) return no_such_key();
  TRY(revoke(keys, rows, when));
  writing.commit_with(entry);
  return keys_of(std::move(rows));
}

Result<domain::ApiKey> PostgresControlStore::rename_key(
    domain::KeyId const& id, std::string const& name, domain::AuditEntry const& entry
) {
  if (name.contains('\0')) return fail(Code::invalid_request, "the key's name holds a NUL");
  Writing writing(*this);
  auto key = accept(KeyTable(*writing, seal()).find(id));
  if (!key) return no_such_key();
  writing->prepare("UPDATE api_key SET name = $1 WHERE id = $2").bind(name, id).run();
  writing.commit_with(entry);
  key->name = name;
  return std::move(*key);
}

Result<std::vector<domain::ApiKey>> PostgresControlStore::rotate_key(
    domain::KeyId const& old_key,
    Time old_expires_at,
    domain::ApiKey const& new_key,
    Time now,
    domain::AuditEntry const& entry
) {
  Writing writing(*this);
  KeyTable keys(*writing, seal());
  auto old = accept(keys.find(old_key));
  if (!old) return no_such_key();
  TRY(check_rotation(*old, new_key, now));
  auto rows = keys.with_descendants(old_key);
  TRY(expire(keys, rows, old_expires_at));
  TRY(check_parent(keys, new_key));
  TRY(check_owner(*writing, new_key));
  TRY(keys.insert(new_key));
  writing.commit_with(entry);
  return keys_of(std::move(rows));
}

Result<void> PostgresControlStore::settle_digest(
    domain::KeyId const& id, domain::KeyDigest const& digest, int pepper_version
) {
  Writing writing(*this);
  KeyTable keys(*writing, seal());
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
  writing.commit();
  return {};
}

void PostgresControlStore::note_key_uses(std::span<KeyUse const> uses) {
  if (uses.empty()) return;
  Writing writing(*this);
  postgres::Statement update = writing->prepare(
      "UPDATE api_key SET last_used_at = $1 WHERE id = $2 AND coalesce(last_used_at, 0) < $1"
  );
  for (auto const& use : uses) update.again().bind(use.used_at, use.key).run();
  writing.commit();
}

void PostgresControlStore::each_active_key(
    Time now, std::function<void(domain::ApiKey const&)> const& visit
) {
  // A connection of its own: a long pass holds up no other reader, and `visit` may use the store.
  postgres::Connection connection(url_, {.statement_time_max = kPassTimeMax, .streams_rows = true});
  KeyTable(connection, seal()).each_active(now, [&](KeyRow const& row) {
    if (row.is_sealed)
      visit(row.key);
    else
      ++broken_seals_;
  });
}

}  // namespace keystead::store
