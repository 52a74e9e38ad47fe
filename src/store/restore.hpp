// A backup put back, so that no key that has ended since comes to life again (attack 99), and no
// grant of a client at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "base/result.hpp"

namespace keystead::store {

struct RestoreDone {
  std::size_t databases = 0;
  std::size_t ended_keys =
      0;  // that the journal names: the next start revokes those that are alive
  std::optional<std::filesystem::path> replaced;  // where the databases that were there are now
};

// Puts a backup in the place of what is in `data_folder`, which is made if it is not there. What
// was there stays, in a folder `replaced-N` of the data folder. The journal is what the backup's
// and the folder's own say together. The pepper of the data folder stays, and must hold that of the
// backup, if it has one. Code::conflict if a server has the folder or the peppers differ;
// Code::invalid_request if the backup is damaged or was written by a newer version. A failure or a
// crash leaves all as it was, or a restore that the next start completes.
Result<RestoreDone> restore(
    std::filesystem::path const& from, std::filesystem::path const& data_folder
);

// Completes a restore that was interrupted after it was decided. REQUIRES: the folder is held, and
// nothing in it is open.
Result<void> finish_restore(std::filesystem::path const& data_folder);

}  // namespace keystead::store
