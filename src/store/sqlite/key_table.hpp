// The table of API keys in SQLite.
#pragma once

#include "store/key_table.hpp"
#include "store/sqlite/database.hpp"

namespace keystead::store {

using KeyTable = KeyTableOn<Database>;
extern template class KeyTableOn<Database>;

}  // namespace keystead::store
