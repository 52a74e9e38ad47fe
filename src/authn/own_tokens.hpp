// Access tokens of our own (RFC 9068). What such a token may do is asked anew of what its grant
// stands on each time it is verified: the key, the person's role, the client. It says nothing about
// the tenant; the grant knows.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/genuine_tokens.hpp"
#include "authn/key_rules.hpp"
#include "authn/place.hpp"
#include "authn/ring.hpp"
#include "authn/token_keys.hpp"
#include "domain/issuer.hpp"
#include "jose/jwt_verifier.hpp"
#include "store/client_store.hpp"
#include "store/grant_store.hpp"

namespace keystead::authn {

// The claim that names the grant.
inline constexpr std::string_view kGrantClaim = "grant";

class OwnTokens {
 public:
  // How long a token that was good is not verified again. Who ends a grant here need not wait for
  // that: the ring forgets it.
  static constexpr std::chrono::seconds kTrustedFor{60};

  struct Parts {
    domain::Issuers const& issuers;
    TokenKeys& keys;
    KeyRules const& rules;
    std::array<domain::ScopeSet, 4> scopes;  // by domain::Role
    store::ControlStore& control;
    Places places;
    // Whether a token that is bound to no key counts for nothing (RFC 9449).
    bool bound_only = false;
  };
  // A genuine token, within its time, and its grant, which may have ended.
  struct Known {
    domain::Issuer issuer;
    GenuineTokens::Token token;  // never null
    domain::Grant grant;
    std::vector<std::string> scopes;  // of the token
  };

  // Code::invalid_request without an issuer or an audience. What `parts` refers to outlives the
  // object. Safe from any thread; what follows may wait and throws store::Broken.
  static Result<std::unique_ptr<OwnTokens>> make(Parts const& parts);

  // Whether it says that it is one of ours. Does not wait.
  bool is_claimed(std::string_view token) const;
  // Nothing for what is not genuine.
  std::optional<Known> read(std::string_view token, Time now);
  // Nothing also if its grant, or what that stands on, has ended.
  std::optional<Standing> verify(std::string_view token, Time now);
  std::optional<Standing> standing_of(Known const& known, Time now);
  // Those of the token that it can use, where it stands.
  std::vector<std::string> scopes_of(Known const& known, Standing const& standing) const;

  // The uses since the last call, to be written to the store in one batch.
  std::vector<store::GrantUse> take_uses();

 private:
  OwnTokens(Parts const& parts, jose::JwtVerifier verifier);
  jose::JwtResult<jose::VerifiedJwt> verify_of(
      domain::Issuer const& issuer, jose::JwkSet const& keys, std::string_view token, Time now
  ) const;
  GenuineTokens::Token verify_or_recall(std::string_view token, Time now);
  std::optional<Standing> bearer_of(domain::Grant const& grant, Time now);

  Parts parts_;
  jose::JwtVerifier verifier_;  // of the root
  GenuineTokens genuine_;
  std::mutex uses_mutex_;
  std::vector<store::GrantUse> uses_;
};

}  // namespace keystead::authn
