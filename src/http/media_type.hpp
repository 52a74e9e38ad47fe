// What a body is said to be (RFC 9110 §8.3).
#pragma once

#include <string_view>

namespace keystead::http {

// Whether a Content-Type names this type, whatever its case and its parameters.
bool is_media_type(std::string_view content_type, std::string_view type);

}  // namespace keystead::http
