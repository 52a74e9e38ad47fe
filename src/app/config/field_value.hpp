// Values of fields as the file writes them: in defaults, sample rows and the conditions of tools.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/reader.hpp"

namespace keystead::app {

// A value of the field's type, or null for nothing. Complains about anything else, and gives null.
domain::FieldValue read_field_value(
    Reading& in, YamlNode const& node, std::string const& path, domain::Field const& field
);

// The index of the field; nothing (and a complaint that names the nearest) if there is none.
std::optional<std::size_t> find_field(
    Reading& in,
    std::size_t line,
    std::string const& path,
    std::vector<domain::Field> const& fields,
    std::string_view name
);

}  // namespace keystead::app
