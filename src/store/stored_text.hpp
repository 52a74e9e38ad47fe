// Text that both databases give back as they got it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/utf8.hpp"

namespace keystead::store {

// PostgreSQL takes neither a NUL nor bytes that are not UTF-8; SQLite keeps a NUL inside text, but
// its functions end there. Code::invalid_request names `what`.
inline Result<void> check_stored(
    std::string_view text, std::size_t bytes_max, std::string_view what
) {
  if (text.size() > bytes_max)
    return fail(Code::invalid_request, std::string(what) + " is too long");
  if (!text.contains('\0') && codec::is_utf8(text)) return {};
  return fail(Code::invalid_request, std::string(what) + " holds what is no text");
}

}  // namespace keystead::store
