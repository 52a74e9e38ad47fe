// The audit log and its head, through one connection.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "codec/utf8.hpp"
#include "domain/audit_entry.hpp"
#include "store/broken.hpp"
#include "store/seal.hpp"

namespace keystead::store {

// Over a connection to either database.
template <class Database>
class AuditTableOn {
 public:
  // The database outlives the table. The thread has the connection.
  explicit AuditTableOn(Database& database) : database_(database) {}

  // Each in its place behind the last record. REQUIRES: a transaction of the caller's. Throws
  // store::Broken if it cannot be done, also where the head is missing or not ours.
  void append(std::span<domain::AuditEntry const> entries, Seal const& seal);
  // Whether nothing was ever written: neither a record nor a head.
  bool is_new();
  // Writes the head of an empty log. REQUIRES: is_new().
  void begin(Seal const& seal);

  std::vector<domain::AuditRecord> read(std::uint64_t after, std::size_t limit);
  std::optional<domain::AuditRecord> find_denial(std::string_view request);
  std::optional<AuditHead> head();

 private:
  Database& database_;
};

// How a record lies in its row.
namespace audit_row {

#define KEYSTEAD_AUDIT_COLUMNS \
  "sequence, at, kind, event, actor, tenant, subject, request, detail, seal_version, hash"

inline constexpr char kInsert[] =
    "INSERT INTO audit (" KEYSTEAD_AUDIT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelectAfter[] =
    "SELECT " KEYSTEAD_AUDIT_COLUMNS " FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?";
inline constexpr char kSelectDenial[] =
    "SELECT " KEYSTEAD_AUDIT_COLUMNS
    " FROM audit WHERE kind = 'denial' AND request = ? AND sequence > 0 ORDER BY sequence LIMIT 1";

#undef KEYSTEAD_AUDIT_COLUMNS

inline std::string_view kind_text(domain::AuditKind kind) {
  switch (kind) {
    case domain::AuditKind::denial: return "denial";
    case domain::AuditKind::call: return "call";
    case domain::AuditKind::act: break;
  }
  return "act";
}

inline domain::AuditKind kind_of(std::string_view text) {
  if (text == "denial") return domain::AuditKind::denial;
  return text == "call" ? domain::AuditKind::call : domain::AuditKind::act;
}

// A log is read to find out what was done to it: bytes of a wrong length are no error here, only no
// hash and no id of ours.
template <std::size_t N, class Statement>
std::array<unsigned char, N> read_bytes(Statement const& row, int column) {
  std::array<unsigned char, N> bytes{};
  auto blob = row.blob(column);
  if (blob.size() == N) std::ranges::copy(blob, bytes.begin());
  return bytes;
}

template <class Statement>
domain::AuditRecord read_record(Statement const& row) {
  domain::AuditRecord record;
  record.sequence = static_cast<std::uint64_t>(row.integer(0));
  auto& entry = record.entry;
  entry.at = row.time(1);
  entry.kind = kind_of(row.text(2));
  entry.event = row.text(3);
  entry.actor = row.text(4);
  if (!row.is_null(5)) entry.tenant = domain::TenantId(read_bytes<16>(row, 5));
  entry.subject = row.text(6);
  entry.request = row.text(7);
  entry.detail = row.text(8);
  record.seal_version = static_cast<int>(row.integer(9));
  record.hash = read_bytes<32>(row, 10);
  return record;
}

inline std::int64_t signed_of(std::uint64_t value) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(value, std::uint64_t{kMax}));
}

template <class Database>
void write_head(Database& database, AuditHead const& head) {
  database
      .prepare(
          "INSERT INTO audit_head (id, sequence, hash, seal_version, mac) VALUES (1, ?, ?, ?, ?)"
          " ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash,"
          " seal_version = excluded.seal_version, mac = excluded.mac"
      )
      .bind(signed_of(head.sequence), head.hash, head.seal_version, head.mac)
      .run();
}

}  // namespace audit_row

template <class Database>
void AuditTableOn<Database>::append(std::span<domain::AuditEntry const> entries, Seal const& seal) {
  auto last = head();
  if (!last) throw Broken(database_.name() + ": the head of the audit log is missing");
  if (!seal.fits(*last)) throw Broken(database_.name() + ": the head of the audit log was changed");
  std::uint64_t sequence = last->sequence;
  domain::AuditHash hash = last->hash;
  int version = seal.current_version();
  {
    auto insert = database_.prepare(audit_row::kInsert);
    for (auto const& entry : entries) {
      hash = seal.of(hash, ++sequence, entry, version);
      insert.again().bind(
          audit_row::signed_of(sequence), entry.at, audit_row::kind_text(entry.kind), entry.event
      );
      insert.bind(entry.actor, entry.tenant, entry.subject, entry.request, entry.detail);
      insert.bind(version, hash).run();
    }
  }
  audit_row::write_head(database_, seal.head(sequence, hash));
}

template <class Database>
bool AuditTableOn<Database>::is_new() {
  auto statement = database_.prepare(
      "SELECT 1 WHERE EXISTS (SELECT 1 FROM audit) OR EXISTS (SELECT 1 FROM audit_head)"
  );
  return !statement.next();
}

template <class Database>
void AuditTableOn<Database>::begin(Seal const& seal) {
  audit_row::write_head(database_, seal.head(0, {}));
}

template <class Database>
std::vector<domain::AuditRecord> AuditTableOn<Database>::read(
    std::uint64_t after, std::size_t limit
) {
  auto statement = database_.prepare(audit_row::kSelectAfter);
  statement.bind(audit_row::signed_of(after), audit_row::signed_of(limit));
  std::vector<domain::AuditRecord> records;
  while (statement.next()) records.push_back(audit_row::read_record(statement));
  return records;
}

template <class Database>
std::optional<domain::AuditRecord> AuditTableOn<Database>::find_denial(std::string_view request) {
  // PostgreSQL fails on what can be in no row.
  if (request.contains('\0') || !codec::is_utf8(request)) return std::nullopt;
  auto statement = database_.prepare(audit_row::kSelectDenial);
  if (!statement.bind(request).next()) return std::nullopt;
  return audit_row::read_record(statement);
}

template <class Database>
std::optional<AuditHead> AuditTableOn<Database>::head() {
  auto statement =
      database_.prepare("SELECT sequence, hash, seal_version, mac FROM audit_head WHERE id = 1");
  if (!statement.next()) return std::nullopt;
  AuditHead head;
  head.sequence = static_cast<std::uint64_t>(statement.integer(0));
  head.hash = audit_row::read_bytes<32>(statement, 1);
  head.seal_version = static_cast<int>(statement.integer(2));
  head.mac = audit_row::read_bytes<32>(statement, 3);
  return head;
}

}  // namespace keystead::store
