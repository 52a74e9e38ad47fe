#include "store/sqlite/audit_table.hpp"

namespace keystead::store {

template class AuditTableOn<Database>;

}  // namespace keystead::store
