// The pepper of the API keys: a secret beside the database, without which the digests in it cannot
// be tried. It has versions; the highest makes new digests, and the others stay usable for keys
// that were made under them.
//
// As text, in DATA/pepper or from configuration, a line is a version: N:base64url of 32 bytes or
// more.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace keystead::store {

struct Pepper {
  int version = 1;
  Secret bytes;
};

enum class StoredKeys { none, some };

// Reads DATA/pepper, newest version first. Makes it with fresh random bytes if it is missing,
// unless keys are stored already: they would all stop working. The folder is held (see
// data_folder.hpp). A Failure says why it is not safe to start: the file is readable by others,
// malformed, too short, or a placeholder. Its text never holds the pepper.
Result<std::vector<Pepper>> load_pepper(
    std::filesystem::path const& data_folder, StoredKeys stored_keys, Random& random
);

// The same from configuration: the lines above, or one value alone, which is version 1.
Result<std::vector<Pepper>> parse_pepper(Secret const& text);

// Whether a secret is what people leave standing in example files.
bool is_placeholder(std::string_view text);

}  // namespace keystead::store
