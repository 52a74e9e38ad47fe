// Whether an audit log is what was written: no row changed, removed, added or moved.
//
// Every record's hash covers the hash before it under a key that the database does not hold.
// Records cut off at the end are missed because of the head that is kept beside the log (see
// seal.hpp); only who puts an older head back with them goes unseen, and for that case the head of
// each check is there to be noted elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "store/control_store.hpp"

namespace keystead::store {

struct AuditFault {
  std::uint64_t sequence;  // the first record that does not fit
  std::string what;        // for the operator: "record 17 was changed", "record 18 is missing"
};

struct AuditCheck {
  std::uint64_t records = 0;  // that are good, from the first
  domain::AuditHash head{};   // of the last of them: keep it elsewhere to see a log that was cut
  std::optional<AuditFault> fault;
};

// Reads the whole log from `store`, also while others append to it. `progress` is called now and
// then with the records so far; may be empty.
AuditCheck check_audit(
    ControlStore& store, Seal const& seal, std::function<void(std::uint64_t)> const& progress = {}
);

}  // namespace keystead::store
