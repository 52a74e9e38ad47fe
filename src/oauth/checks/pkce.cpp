#include "oauth/checks/pkce.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "jose/hash_text.hpp"

namespace keystead::oauth {
namespace {

// RFC 7636 §4.1: 43 to 128 unreserved characters.
bool is_verifier(std::string_view text) {
  return text.size() >= 43 && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_' || c == '~';
         });
}

}  // namespace

bool is_verified(std::string_view code_verifier, std::string_view code_challenge) {
  if (!is_verifier(code_verifier)) return false;
  return crypto::equal_constant_time(jose::sha256_text(code_verifier), code_challenge);
}

}  // namespace keystead::oauth
