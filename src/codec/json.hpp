// JSON as Keystead reads it: RFC 8259 and stricter. Duplicate member names, lone surrogates,
// invalid UTF-8, a NUL in the bytes, nesting beyond a limit and trailing text are refused, so that
// no two readers of one document can disagree about it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/result.hpp"

namespace keystead::codec {

namespace json = boost::json;

struct JsonLimits {
  std::size_t depth_max = 64;
};

// Failure is Code::invalid_request and names the byte offset. The value lives on `storage`, or on
// the heap by default.
Result<json::value> parse_json(
    std::string_view text, json::storage_ptr storage = {}, JsonLimits limits = {}
);

// Compact text. Non-ASCII text stays UTF-8.
std::string to_text(json::value const& value);
void append_text(std::string& out, json::value const& value);
void append_text(std::string& out, json::object const& object);

// Appends `text` as a JSON string with its quotes. REQUIRES: valid UTF-8.
void append_quoted(std::string& out, std::string_view text);

}  // namespace keystead::codec
