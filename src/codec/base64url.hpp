// RFC 4648 §5 without padding, and strict: one text for one sequence of bytes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace keystead::codec {

std::string base64url_encode(std::string_view bytes);

// Nothing for padding, white space, a letter outside the alphabet or non-zero trailing bits.
std::optional<std::string> base64url_decode(std::string_view text);

// RFC 4648 §4, with its padding: what signatures and hashes of others come in. As strict.
std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace keystead::codec
