// The token endpoint (RFC 6749 §3.2): a request becomes tokens in the steps of answer(), or a
// refusal at one of them.
#pragma once

#include "oauth/grants/surroundings.hpp"

namespace keystead::oauth {

class TokenEndpoint {
 public:
  // What the two refer to outlives the object.
  TokenEndpoint(GrantSurroundings with, ClientAuthentication const& authentication)
      : with_(std::move(with)), authentication_(authentication) {}

  // Safe from any thread. May wait; throws store::Broken.
  TokenResult<TokenAnswer> answer(TokenCall const& call) const;

 private:
  GrantSurroundings with_;
  ClientAuthentication authentication_;
};

}  // namespace keystead::oauth
