// The name that was probably meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace keystead::app {

// The one of `names` with the fewest edits from `text`; nothing if that is more than a third of its
// length.
std::optional<std::string> nearest(std::string_view text, std::span<std::string const> names);

}  // namespace keystead::app
