// The audit log in SQLite.
#pragma once

#include "store/audit_table.hpp"
#include "store/sqlite/database.hpp"

namespace keystead::store {

using AuditTable = AuditTableOn<Database>;
extern template class AuditTableOn<Database>;

}  // namespace keystead::store
