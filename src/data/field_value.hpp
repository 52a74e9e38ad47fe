// One value of a field, between JSON or a query string and what is stored. Types are strict: "1" is
// not 1 (attack 139).
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "domain/collection.hpp"

namespace keystead::data {

namespace json = boost::json;

// A value as FieldType says, or what is wrong with it, to follow the path: "not a
// date (YYYY-MM-DD)".
using DecodedValue = std::expected<domain::FieldValue, std::string>;

// JSON null is of no type and is refused here: whether a field may be empty is for the caller to
// say.
DecodedValue decode_value(domain::Field const& field, json::value const& value);

// The same for text of a query string, in which numbers, true and false are written as in JSON.
DecodedValue parse_value(domain::Field const& field, std::string_view text);

json::value encode_value(domain::FieldValue const& value);

}  // namespace keystead::data
