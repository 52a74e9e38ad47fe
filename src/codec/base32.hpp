// RFC 4648 §6 without padding: what people type and apps for one-time codes read.
#pragma once

#include <string>
#include <string_view>

namespace keystead::codec {

std::string base32_encode(std::string_view bytes);

}  // namespace keystead::codec
