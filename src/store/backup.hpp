// A copy of a data folder that is whole, taken while a server writes to it.
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/result.hpp"

namespace keystead::store {

// Without the pepper a stolen backup confirms no guess of a key, but is of use only together with a
// pepper that is kept elsewhere.
enum class PepperCopy { leave_out, include };

struct BackupDone {
  std::size_t databases = 0;
};

// Copies the control plane, the tenants' files and the revocation journal to `target`, a new folder
// with mode 0700 that is there whole or not at all. Each file is a state that once was; the journal
// is the youngest of them. Code::conflict if `target` is there and not empty; Code::not_found if
// there is no control plane in `data_folder`. Throws store::Broken if a database cannot be read or
// copied. May run beside a server.
Result<BackupDone> backup(
    std::filesystem::path const& data_folder, std::filesystem::path const& target, PepperCopy pepper
);

}  // namespace keystead::store
