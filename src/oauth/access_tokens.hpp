// Access tokens as they are made (RFC 9068). authn::OwnTokens reads them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "authn/token_keys.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "domain/grant.hpp"
#include "domain/issuer.hpp"

namespace keystead::oauth {

struct AccessToken {
  Secret text;
  std::chrono::seconds lifetime;
};

class AccessTokens {
 public:
  struct Parts {
    std::chrono::seconds lifetime;
    authn::TokenKeys& keys;
    Clock const& clock;
    Random& random;
  };
  // What of its grant a token gets.
  struct Terms {
    std::vector<std::string> scopes;
    std::vector<std::string> resources;  // one at least
    Time not_after = Time::max();
    // Who acts for the subject, the one who asks first (RFC 8693 §4.1); empty: the client alone.
    std::vector<domain::ClientId> actors = {};
    std::string key_thumbprint = {};  // RFC 9449 §6: that it is bound to; empty: to none
  };

  // What `parts` refers to outlives the object.
  explicit AccessTokens(Parts const& parts) : parts_(parts) {}

  // It says nothing about the tenant. Safe from any thread; throws store::Broken.
  AccessToken make(
      domain::Issuer const& issuer, domain::Grant const& grant, Terms const& terms
  ) const;

 private:
  Parts parts_;
};

// `sub`: whose acts they are. The three kinds have names of their own, so that a client cannot call
// itself what a person is called (RFC 9068 §5).
std::string subject_of(domain::Grant const& grant);

}  // namespace keystead::oauth
