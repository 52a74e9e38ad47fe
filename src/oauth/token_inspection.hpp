// What becomes of a token that a client has: revocation (RFC 7009) and introspection (RFC 7662).
#pragma once

#include <functional>
#include <vector>

#include <boost/json/object.hpp>

#include "authn/own_tokens.hpp"
#include "oauth/checks/client_authentication.hpp"
#include "oauth/refresh_tokens.hpp"
#include "store/grant_store.hpp"

namespace keystead::oauth {

class TokenInspection {
 public:
  struct Parts {
    ClientAuthentication const& authentication;
    authn::OwnTokens& own_tokens;
    RefreshTokens refresh_tokens;
    authn::KeyDigester const& digester;
    store::GrantStore& grants;
    // Has who remembers tokens forget those of these grants.
    std::function<void(std::vector<domain::GrantId> const&)> forget;
    Clock const& clock;
  };

  // What `parts` refers to outlives the object. Both functions are safe from any thread, may wait,
  // and throw store::Broken: whoever cannot ask the store says neither "revoked" nor "inactive"
  // (attack 69).
  explicit TokenInspection(Parts parts) : parts_(std::move(parts)) {}

  // Ends the grant of the token, with everything of it. A token that is unknown, over, another
  // client's or another issuer's changes nothing, and the answer is the same (attack 70).
  TokenResult<> revoke(TokenCall const& call) const;

  // For clients that can prove who they are: what the token stands for, or that it is not active.
  // Another client's is not, unless an operator has entered the client that asks, for the tenant
  // that the token is of. Another issuer's never is.
  TokenResult<boost::json::object> introspect(TokenCall const& call) const;

 private:
  std::optional<domain::RefreshToken> find_refresh_token(std::string_view text, Time now) const;
  std::optional<domain::GrantId> grant_of(std::string_view text, Time now) const;
  boost::json::object describe_access(
      authn::OwnTokens::Known const& known, TokenCall const& call, ProvenClient const& asking
  ) const;
  boost::json::object describe_refresh(
      domain::RefreshToken const& token, TokenCall const& call, ProvenClient const& asking
  ) const;

  Parts parts_;
};

}  // namespace keystead::oauth
