// The name that somebody most likely meant, for an error text that helps.
#pragma once

#include <span>
#include <string_view>

namespace keystead::data {

// The candidate with the fewest single-character changes from `name`; empty if none is within a
// third of its length.
std::string_view nearest_name(std::string_view name, std::span<std::string_view const> candidates);

}  // namespace keystead::data
