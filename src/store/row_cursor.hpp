// Where a page ended, as a text that the caller hands back: base64url of the JSON [sort,
// descending, value, id]. It is not secret and not signed: whatever a caller puts in, the page that
// follows is of its own tenant.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/collection.hpp"

namespace keystead::store {

struct RowCursor {
  domain::FieldValue value;  // of the sort column in the last row, as stored
  std::string id;            // of the last row
};

std::string write_cursor(std::string_view sort, bool descending, RowCursor const& cursor);

// Code::invalid_request if the text is not a cursor, or is one of another sort order.
Result<RowCursor> read_cursor(std::string_view text, std::string_view sort, bool descending);

}  // namespace keystead::store
