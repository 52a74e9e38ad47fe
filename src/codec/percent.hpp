// Percent-encoding and application/x-www-form-urlencoded pairs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keystead::codec {

enum class Plus { as_space, as_plus };

// Nothing for a broken escape, a NUL, or bytes that are not UTF-8 afterwards.
std::optional<std::string> percent_decode(std::string_view text, Plus plus);

// Escapes all but RFC 3986 unreserved characters.
std::string percent_encode(std::string_view text);

// name=value pairs of a query or a form, in order, duplicates kept. Nothing if any of them does not
// decode or there are more than `count_max`.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_pairs(
    std::string_view text, std::size_t count_max = 64
);

}  // namespace keystead::codec
