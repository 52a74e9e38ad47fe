// The audit log of the control plane in SQLite, and the seals that go with it.
#include <stdexcept>

#include "store/sqlite/audit_table.hpp"
#include "store/sqlite/key_table.hpp"
#include "store/sqlite/sqlite_control_store.hpp"

namespace keystead::store {
namespace {

// Keys from before there were seals. This is done once, while there is no trace of a log: a row
// without a seal that turns up later is as broken as any. Who wants the sealing done again has to
// take away the whole log, and the new one begins with what was done.
// Keys that are revoked among them are noted in `ends`: the journal is as new as the seals.
std::size_t seal_old_keys(Database& database, Seal const& seal, std::vector<KeyEnd>& ends) {
  KeyTable keys(database, seal);
  auto unsealed = keys.find_unsealed();
  for (auto const& id : unsealed) {
    auto row = keys.find(id);
    if (!row) continue;
    row->is_sealed = true;
    if (row->key.revoked_at) ends.push_back({id, *row->key.revoked_at});
    if (!keys.update(*row)) throw Broken(database.name() + ": a key cannot be sealed");
  }
  return unsealed.size();
}

void begin_log(Database& database, Seal const& seal, std::filesystem::path const& journal) {
  Transaction transaction(database);
  AuditTable audit(database);
  audit.begin(seal);
  domain::AuditEntry entry;
  entry.at = SystemClock().now();
  entry.event = "keys.seal";
  entry.actor = "upgrade";
  std::vector<KeyEnd> ends;
  if (std::size_t count = seal_old_keys(database, seal, ends); count > 0) {
    entry.detail = "{\"keys\":" + std::to_string(count) + "}";
    audit.append({&entry, 1}, seal);
  }
  if (auto done = note_ends(journal, ends); !done) throw Broken(done.error().public_text);
  transaction.commit();
}

}  // namespace

bool SqliteControlStore::has_keys() {
  std::scoped_lock lock(reader_.mutex);
  return reader_.database.prepare("SELECT 1 FROM api_key LIMIT 1").next();
}

void SqliteControlStore::seal_with(Seal seal) {
  if (seal_) throw std::logic_error("a store is sealed once");
  {
    std::scoped_lock lock(writer_.mutex);
    if (AuditTable(writer_.database).is_new()) begin_log(writer_.database, seal, journal_);
  }
  seal_.emplace(std::move(seal));
  auto replayed = replay_revocations(*this, journal_, SystemClock().now());
  if (!replayed) throw Broken(replayed.error().public_text);
}

Seal const& SqliteControlStore::seal() const {
  if (!seal_) throw std::logic_error("the store is used before seal_with");
  return *seal_;
}

void SqliteControlStore::append(domain::AuditEntry const& entry) {
  AuditTable(writer_.database).append({&entry, 1}, seal());
}

void SqliteControlStore::append_audit(std::span<domain::AuditEntry const> entries) {
  if (entries.empty()) return;
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  AuditTable(writer_.database).append(entries, seal());
  transaction.commit();
}

std::vector<domain::AuditRecord> SqliteControlStore::read_audit(
    std::uint64_t after, std::size_t limit
) {
  std::scoped_lock lock(reader_.mutex);
  return AuditTable(reader_.database).read(after, limit);
}

std::optional<domain::AuditRecord> SqliteControlStore::find_denial(std::string_view request) {
  std::scoped_lock lock(reader_.mutex);
  return AuditTable(reader_.database).find_denial(request);
}

std::optional<AuditHead> SqliteControlStore::audit_head() {
  std::scoped_lock lock(reader_.mutex);
  return AuditTable(reader_.database).head();
}

}  // namespace keystead::store
