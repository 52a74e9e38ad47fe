// The errors of the token endpoint and its neighbours, all of them: RFC 6749 §5.2, RFC 8628 §3.5,
// RFC 8693 §2.2.2, RFC 8707 §2, RFC 9126 §2.3, RFC 9449 §5 and §8. What is refused for a reason
// that a stranger must not learn is refused in the words of its error, which are always the same.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace keystead::oauth {

enum class TokenError {
  invalid_request,
  invalid_client,
  invalid_grant,
  unauthorized_client,
  unsupported_grant_type,
  invalid_scope,
  invalid_target,
  authorization_pending,
  slow_down,
  access_denied,
  expired_token,
  invalid_dpop_proof,
  use_dpop_nonce,
  // Of a client whose document cannot be read just now: it keeps what it has, and comes again.
  temporarily_unavailable,
  // Of a request that is pushed (RFC 9126 §2.3): those of the authorization endpoint beside.
  unsupported_response_type,
  request_not_supported,
  interaction_required,
};

std::string_view name_of(TokenError error);
// Exactly one of these names.
std::optional<TokenError> parse_token_error(std::string_view name);
int status_of(TokenError error);

struct TokenRefusal {
  TokenError error;
  std::string text;  // error_description; never holds anything of the request
};

template <class T = void>
using TokenResult = std::expected<T, TokenRefusal>;

inline std::unexpected<TokenRefusal> refuse(TokenError error, std::string text) {
  return std::unexpected(TokenRefusal{error, std::move(text)});
}

// Unknown, over, used, another client's: one and the same.
std::unexpected<TokenRefusal> refuse_client();
std::unexpected<TokenRefusal> refuse_grant();

}  // namespace keystead::oauth
