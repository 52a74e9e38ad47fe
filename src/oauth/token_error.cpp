#include "oauth/token_error.hpp"

namespace keystead::oauth {

std::string_view name_of(TokenError error) {
  switch (error) {
    case TokenError::invalid_client: return "invalid_client";
    case TokenError::invalid_grant: return "invalid_grant";
    case TokenError::unauthorized_client: return "unauthorized_client";
    case TokenError::unsupported_grant_type: return "unsupported_grant_type";
    case TokenError::invalid_scope: return "invalid_scope";
    case TokenError::invalid_target: return "invalid_target";
    case TokenError::authorization_pending: return "authorization_pending";
    case TokenError::slow_down: return "slow_down";
    case TokenError::access_denied: return "access_denied";
    case TokenError::expired_token: return "expired_token";
    case TokenError::invalid_dpop_proof: return "invalid_dpop_proof";
    case TokenError::use_dpop_nonce: return "use_dpop_nonce";
    case TokenError::temporarily_unavailable: return "temporarily_unavailable";
    case TokenError::unsupported_response_type: return "unsupported_response_type";
    case TokenError::request_not_supported: return "request_not_supported";
    case TokenError::interaction_required: return "interaction_required";
    case TokenError::invalid_request: break;
  }
  return "invalid_request";
}

std::optional<TokenError> parse_token_error(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(TokenError::interaction_required); ++i) {
    auto error = static_cast<TokenError>(i);
    if (name_of(error) == name) return error;
  }
  return std::nullopt;
}

int status_of(TokenError error) {
  if (error == TokenError::temporarily_unavailable) return 503;
  return error == TokenError::invalid_client ? 401 : 400;
}

std::unexpected<TokenRefusal> refuse_client() {
  return refuse(TokenError::invalid_client, "The client is unknown, or has not proven itself.");
}

std::unexpected<TokenRefusal> refuse_grant() {
  return refuse(TokenError::invalid_grant, "It is not valid, or not any more.");
}

}  // namespace keystead::oauth
