#include "store/sqlite/key_table.hpp"

namespace keystead::store {

template class KeyTableOn<Database>;

}  // namespace keystead::store
