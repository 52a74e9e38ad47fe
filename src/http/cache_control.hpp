// How long an answer may be kept (RFC 9111).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace keystead::http {

// max-age of a Cache-Control header (§5.2.2); nothing if it is not said, zero for no-store.
std::optional<std::chrono::seconds> age_max(std::string_view header);

}  // namespace keystead::http
