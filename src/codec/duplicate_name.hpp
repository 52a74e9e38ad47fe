// Where a JSON document has two members of one name in one object. Reading does not need it: it
// counts, and asks this only to say where.
#pragma once

#include <cstddef>
#include <string_view>

namespace keystead::codec {

// The offset of the quote that ends the first name to come a second time; the document's size if
// none does.
// REQUIRES: valid JSON.
std::size_t find_duplicate_name(std::string_view document);

}  // namespace keystead::codec
