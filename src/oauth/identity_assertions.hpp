// Identity assertions: an issuer that the operator trusts for it says that a client may act for one
// of its people (ID-JAG, draft-ietf-oauth-identity-assertion-authz-grant; in MCP enterprise-managed
// authorization).
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "authn/external_tokens.hpp"
#include "domain/client.hpp"
#include "domain/issuer.hpp"
#include "oauth/requested_access.hpp"
#include "oauth/token_error.hpp"
#include "store/once_store.hpp"

namespace keystead::oauth {

// What an assertion comes to.
struct AssertedAccess {
  authn::ExternalTokens::Person person;
  std::vector<std::string> scopes;  // what of it the person's role and the client have
  // The issuer's, one at least; the first is meant where the request names none.
  std::vector<std::string> resources;
};

// Who shows an assertion, and where.
struct AssertionCall {
  domain::Issuer const& issuer;
  domain::Client const& client;
  std::string_view key_thumbprint;  // of the key that the client has proven; empty: none
};

class IdentityAssertions {
 public:
  // How far its end may lie ahead, and its making behind: longer than its jti is remembered it must
  // not live.
  static constexpr std::chrono::seconds kLifetimeMax{3600};

  struct Parts {
    AccessRules rules;
    authn::ExternalTokens& tokens;
    store::OnceStore& once;
  };

  // What `parts` refers to outlives the object.
  explicit IdentityAssertions(Parts parts) : parts_(std::move(parts)) {}

  // invalid_grant, in the same words, for whatever is wrong with it. Each counts once, whoever
  // shows it: what is stolen is worth nothing any more when it was used (§7.4.2 of the extension).
  // Safe from any thread; may wait, throws store::Broken.
  TokenResult<AssertedAccess> accept(
      std::string_view assertion, AssertionCall const& call, Time now
  ) const;

 private:
  TokenResult<std::vector<std::string>> scopes_of(
      jose::VerifiedJwt const& assertion, domain::Client const& client
  ) const;
  bool is_first(jose::VerifiedJwt const& assertion, Time now) const;

  Parts parts_;
};

}  // namespace keystead::oauth
