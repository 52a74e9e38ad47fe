#include "oauth/token_answer.hpp"

namespace keystead::oauth {

boost::json::object describe(TokenAnswer const& answer) {
  boost::json::object out{
      {"access_token", answer.access_token.reveal()},
      {"token_type", answer.is_key_bound ? "DPoP" : "Bearer"},
      {"expires_in", answer.lifetime.count()},
  };
  if (answer.refresh_token) out["refresh_token"] = answer.refresh_token->reveal();
  if (!answer.scopes.empty()) {
    auto& scope = out["scope"].emplace_string();
    for (auto const& name : answer.scopes) scope.append(scope.empty() ? "" : " ").append(name);
  }
  if (!answer.issued_token_type.empty()) out["issued_token_type"] = answer.issued_token_type;
  return out;
}

}  // namespace keystead::oauth
