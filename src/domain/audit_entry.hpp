// What the audit log says about one event. It holds ids and names, never a credential.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

enum class AuditKind { act, denial, call };

struct AuditEntry {
  Time at;
  AuditKind kind = AuditKind::act;
  std::string event;               // key.create, denied.insufficient_scope, tool.call
  std::string actor;               // operator, key:ID, address:1.2.3.4
  std::optional<TenantId> tenant;  // whose matter it is
  std::string subject;             // what it was done to: key:ID, tenant:ID, tasks.create
  std::string request;             // the id of the request; empty for the command line
  std::string detail = "{}";       // a JSON object with the particulars
};

using AuditHash = std::array<unsigned char, 32>;

// An entry in its place. The hash covers the entry, the sequence number and the hash before it.
struct AuditRecord {
  std::uint64_t sequence = 0;  // from 1, without gaps
  AuditEntry entry;
  int seal_version = 1;
  AuditHash hash{};
};

}  // namespace keystead::domain
