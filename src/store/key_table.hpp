// The table of API keys, through one connection: how a key lies in its row, and whether the row is
// as we wrote it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/api_key.hpp"
#include "store/grant_table.hpp"
#include "store/restriction_text.hpp"
#include "store/scope_list.hpp"
#include "store/seal.hpp"
#include "store/violation.hpp"

namespace keystead::store {

// The parent of a key that was narrowed from another.
inline std::optional<domain::KeyId> parent_of(domain::ApiKey const& key) {
  if (key.restriction.ancestors.empty()) return std::nullopt;
  return key.restriction.ancestors.back();
}

struct KeyRow {
  domain::ApiKey key;
  bool is_sealed = false;  // whether its seal fits
};

// Over a connection to either database; what the two call by the same names is all it needs.
template <class Database>
class KeyTableOn {
 public:
  using Row = KeyRow;

  // Both outlive the table. The thread has the connection.
  KeyTableOn(Database& database, Seal const& seal) : database_(database), seal_(seal) {}

  std::optional<Row> find(domain::KeyId const& id);
  std::optional<Row> find(domain::KeyDigest const& digest);
  // Newest first; of one tenant or of all.
  std::vector<Row> list(std::optional<domain::TenantId> const& tenant);
  // The key, then all that were narrowed from it; empty if it is unknown.
  std::vector<Row> with_descendants(domain::KeyId const& id);
  // Calls `visit` for every row that is not revoked and not expired. The row is overwritten.
  void each_active(Time now, std::function<void(Row const&)> const& visit);
  // Whether the tenant has so many keys that are active and were not narrowed from another.
  bool has_active(domain::TenantId const& tenant, Time now, std::size_t count);
  // The active keys of a tenant that were not narrowed from another.
  std::vector<domain::KeyId> find_roots(domain::TenantId const& tenant, Time now);
  // Keys that an older version left without a seal.
  std::vector<domain::KeyId> find_unsealed();

  // not_found if there is no such tenant, conflict if the id or the digest exists, invalid_request
  // for text that would not come back as it is. REQUIRES: its parent is there.
  Result<void> insert(domain::ApiKey const& key);
  // Writes digest, expiry and revocation. The row is sealed anew if its seal fitted; a row that was
  // changed behind our back stays broken. conflict if another key has the digest.
  Result<void> update(Row const& row);
  // Ends the grants that stand on the key.
  void end_grants(domain::KeyId const& id, Time when) {
    database_.prepare(grant_row::kEndOfKey).bind(when, id).run();
  }

 private:
  Database& database_;
  Seal const& seal_;
};

// How a key lies in its row.
namespace key_row {

#define KEYSTEAD_KEY_COLUMNS                                                                   \
  "id, tenant, kind, parent, digest, digest_form, pepper_version, name, prefix, environment, " \
  "scopes, restriction, created_by, created_at, expires_at, revoked_at, last_used_at, "        \
  "seal_version, mac, owner"

inline constexpr char kInsert[] =
    "INSERT INTO api_key (" KEYSTEAD_KEY_COLUMNS
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelectById[] = "SELECT " KEYSTEAD_KEY_COLUMNS " FROM api_key WHERE id = ?";
inline constexpr char kSelectByDigest[] =
    "SELECT " KEYSTEAD_KEY_COLUMNS " FROM api_key WHERE digest = ?";
inline constexpr char kSelectAll[] =
    "SELECT " KEYSTEAD_KEY_COLUMNS " FROM api_key ORDER BY created_at DESC, rowid DESC";
inline constexpr char kSelectOfTenant[] =
    "SELECT " KEYSTEAD_KEY_COLUMNS
    " FROM api_key WHERE tenant = ? ORDER BY created_at DESC, rowid DESC";
inline constexpr char kSelectActive[] =
    "SELECT " KEYSTEAD_KEY_COLUMNS
    " FROM api_key WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)";
// UNION, not UNION ALL: were the parents bent into a circle, it would still end.
inline constexpr char kSelectLine[] =
    "WITH RECURSIVE line (member) AS (SELECT ?1 UNION SELECT api_key.id FROM line"
    " JOIN api_key ON api_key.parent = line.member) "
    "SELECT " KEYSTEAD_KEY_COLUMNS
    " FROM api_key WHERE id IN (SELECT member FROM line) ORDER BY id <> ?1, rowid";
inline constexpr char kSelectRoots[] =
    "SELECT id FROM api_key WHERE tenant = ? AND parent IS NULL AND revoked_at IS NULL AND"
    " (expires_at IS NULL OR expires_at > ?) LIMIT ?";
inline constexpr char kUpdate[] =
    "UPDATE api_key SET digest = ?, digest_form = ?, pepper_version = ?, expires_at = ?,"
    " revoked_at = ?, seal_version = ?, mac = ? WHERE id = ?";
inline constexpr char kUpdateBroken[] =
    "UPDATE api_key SET expires_at = ?, revoked_at = ? WHERE id = ?";

#undef KEYSTEAD_KEY_COLUMNS

inline std::string_view form_text(domain::DigestForm form) {
  return form == domain::DigestForm::of_sha256 ? "sha256" : "key";
}

// What follows gives false for a value that we do not write.

inline bool read_form(std::string_view text, domain::DigestForm& form) {
  form = text == "sha256" ? domain::DigestForm::of_sha256 : domain::DigestForm::of_key;
  return text == form_text(form);
}

template <class Statement>
bool read_restriction(Statement const& row, int column, domain::Restriction& restriction) {
  if (!restriction.empty()) restriction = {};
  if (row.is_null(column)) return true;
  auto parsed = parse_restriction(row.text(column));
  if (parsed) restriction = std::move(*parsed);
  return parsed.has_value();
}

template <class Statement>
bool has_parent(Statement const& row, int column, domain::ApiKey const& key) {
  auto parent = parent_of(key);
  if (!parent || row.is_null(column)) return !parent && row.is_null(column);
  return std::ranges::equal(row.blob(column), parent->bytes());
}

template <class Statement>
bool read_key(Statement const& row, domain::ApiKey& key) {
  key.id = row.template id<domain::KeyId>(0);
  key.tenant.reset();
  if (!row.is_null(1)) key.tenant = row.template id<domain::TenantId>(1);
  key.kind.assign(row.text(2));
  row.copy_blob(4, key.digest);
  bool is_good = read_form(row.text(5), key.digest_form);
  key.pepper_version = static_cast<int>(row.integer(6));
  key.name.assign(row.text(7));
  key.prefix.assign(row.text(8));
  key.environment.assign(row.text(9));
  split_scopes(row.text(10), key.scopes);
  is_good = read_restriction(row, 11, key.restriction) && is_good;
  key.created_by.assign(row.text(12));
  key.created_at = row.time(13);
  key.expires_at = row.time_or_null(14);
  key.revoked_at = row.time_or_null(15);
  key.last_used_at = row.time_or_null(16);
  key.owner.reset();
  if (!row.is_null(19)) key.owner = row.template id<domain::UserId>(19);
  return has_parent(row, 3, key) && is_good;
}

template <class Statement>
void read_row(Statement const& statement, Seal const& seal, KeyRow& row) {
  row.is_sealed = read_key(statement, row.key) &&
                  seal.fits(row.key, static_cast<int>(statement.integer(17)), statement.blob(18));
}

template <class Statement>
std::optional<KeyRow> read_one(Statement& statement, Seal const& seal) {
  if (!statement.next()) return std::nullopt;
  KeyRow row;
  read_row(statement, seal, row);
  return row;
}

template <class Statement>
std::vector<KeyRow> read_all(Statement& statement, Seal const& seal) {
  std::vector<KeyRow> rows;
  while (statement.next()) read_row(statement, seal, rows.emplace_back());
  return rows;
}

template <class Statement>
std::vector<domain::KeyId> read_ids(Statement& statement) {
  std::vector<domain::KeyId> ids;
  while (statement.next()) ids.push_back(statement.template id<domain::KeyId>(0));
  return ids;
}

// SQLite keeps a NUL inside text, but its functions end there.
inline Result<void> check_text(domain::ApiKey const& key) {
  for (auto const* text : {&key.name, &key.prefix, &key.environment, &key.kind, &key.created_by}) {
    if (text->contains('\0')) return fail(Code::invalid_request, "the key's name holds a NUL");
  }
  return {};
}

}  // namespace key_row

template <class Database>
std::optional<KeyRow> KeyTableOn<Database>::find(domain::KeyId const& id) {
  auto statement = database_.prepare(key_row::kSelectById);
  return key_row::read_one(statement.bind(id), seal_);
}

template <class Database>
std::optional<KeyRow> KeyTableOn<Database>::find(domain::KeyDigest const& digest) {
  auto statement = database_.prepare(key_row::kSelectByDigest);
  return key_row::read_one(statement.bind(digest), seal_);
}

template <class Database>
std::vector<KeyRow> KeyTableOn<Database>::list(std::optional<domain::TenantId> const& tenant) {
  auto statement = database_.prepare(tenant ? key_row::kSelectOfTenant : key_row::kSelectAll);
  if (tenant) statement.bind(*tenant);
  return key_row::read_all(statement, seal_);
}

template <class Database>
std::vector<KeyRow> KeyTableOn<Database>::with_descendants(domain::KeyId const& id) {
  auto statement = database_.prepare(key_row::kSelectLine);
  return key_row::read_all(statement.bind(id), seal_);
}

template <class Database>
void KeyTableOn<Database>::each_active(Time now, std::function<void(Row const&)> const& visit) {
  auto statement = database_.prepare(key_row::kSelectActive);
  statement.bind(now);
  Row row;
  while (statement.next()) {
    key_row::read_row(statement, seal_, row);
    visit(row);
  }
}

template <class Database>
bool KeyTableOn<Database>::has_active(domain::TenantId const& tenant, Time now, std::size_t count) {
  auto statement = database_.prepare(key_row::kSelectRoots);
  statement.bind(tenant, now, static_cast<std::int64_t>(count));
  std::size_t found = 0;
  while (found < count && statement.next()) ++found;
  return found == count;
}

template <class Database>
std::vector<domain::KeyId> KeyTableOn<Database>::find_roots(
    domain::TenantId const& tenant, Time now
) {
  auto statement = database_.prepare(key_row::kSelectRoots);
  return key_row::read_ids(statement.bind(tenant, now, std::numeric_limits<std::int64_t>::max()));
}

template <class Database>
std::vector<domain::KeyId> KeyTableOn<Database>::find_unsealed() {
  auto statement = database_.prepare("SELECT id FROM api_key WHERE seal_version = 0");
  return key_row::read_ids(statement);
}

template <class Database>
Result<void> KeyTableOn<Database>::insert(domain::ApiKey const& key) {
  TRY(key_row::check_text(key));
  std::string scopes = TRY(join_scopes(key.scopes));
  std::optional<std::string> restriction;
  if (!key.restriction.empty()) restriction = restriction_text(key.restriction);
  int version = seal_.current_version();
  auto insert = database_.prepare(key_row::kInsert);
  insert.bind(key.id, key.tenant, key.kind, parent_of(key));
  insert.bind(key.digest, key_row::form_text(key.digest_form), key.pepper_version);
  insert.bind(key.name, key.prefix, key.environment, scopes, restriction, key.created_by);
  insert.bind(key.created_at, key.expires_at, key.revoked_at, key.last_used_at);
  insert.bind(version, seal_.of(key, version), key.owner);
  switch (insert.try_run().kind) {
    case Violation::Kind::none: return {};
    case Violation::Kind::unique: return fail(Code::conflict, "the key exists already");
    case Violation::Kind::foreign_key: break;
  }
  return fail(Code::not_found, "no such tenant");
}

template <class Database>
Result<void> KeyTableOn<Database>::update(Row const& row) {
  auto const& key = row.key;
  if (!row.is_sealed) {
    database_.prepare(key_row::kUpdateBroken).bind(key.expires_at, key.revoked_at, key.id).run();
    return {};
  }
  int version = seal_.current_version();
  auto update = database_.prepare(key_row::kUpdate);
  update.bind(key.digest, key_row::form_text(key.digest_form), key.pepper_version);
  update.bind(key.expires_at, key.revoked_at, version, seal_.of(key, version), key.id);
  if (update.try_run()) return fail(Code::conflict, "the key exists already");
  return {};
}

}  // namespace keystead::store
