// A SHA-256 as JOSE and OAuth write one.
#pragma once

#include <string>
#include <string_view>

#include "codec/base64url.hpp"
#include "crypto/digest.hpp"

namespace keystead::jose {

// In base64url: the thumbprint of a key (RFC 7638), `ath` (RFC 9449), a code_challenge (RFC 7636).
inline std::string sha256_text(std::string_view text) {
  auto digest = crypto::sha256(text);
  return codec::base64url_encode({reinterpret_cast<char const*>(digest.data()), digest.size()});
}

}  // namespace keystead::jose
