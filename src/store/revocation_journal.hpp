// The revocation journal, DATA/revocations: which keys have ended, in a file beside the database. A
// database that is put back from a backup, or a row that is put back to what it was, does not bring
// them to life again (attack 99).
//
// A line a key, with a CRC over what stands before it:
//
//   revoked 0192f0c1-7a3b-4c5d-8e6f-a1b2c3d4e5f6 2026-11-22T16:50:00.250Z 1a2b3c4d
//
// A line is on the disk before the database commits what it says, so that no end that was
// acknowledged is missing. An end may be in the journal that was then not committed: "revoked"
// makes it true at the next start, "ended" (a rotation, a deleted tenant: half of something larger)
// counts only once the database has been restored from a backup.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/ids.hpp"

namespace keystead::store {

class ControlStore;

struct KeyEnd {
  enum class Counts { always, after_restore };

  domain::KeyId key;
  Time at;
  Counts counts = Counts::always;
};

std::filesystem::path journal_of(std::filesystem::path const& data_folder);

// Durable when it returns. One thread at a time.
Result<void> note_ends(std::filesystem::path const& journal, std::span<KeyEnd const> ends);

// In the order in which they were written; empty if there is no journal. The beginning of a last
// line is passed over: it was never acknowledged. Code::invalid_request names any other line that
// is damaged.
Result<std::vector<KeyEnd>> read_ends(std::filesystem::path const& journal);

// The journal of a restored data folder: what either journal says, and all of it counts.
Result<void> write_merged_journal(
    std::filesystem::path const& journal, std::span<KeyEnd const> a, std::span<KeyEnd const> b
);

// Revokes every key that has ended according to the journal but not according to the store, with a
// record in the audit log for each, and returns how many there were. A key that was to end later
// than `now` ends now.
Result<std::size_t> replay_revocations(
    ControlStore& store, std::filesystem::path const& journal, Time now
);

}  // namespace keystead::store
