// Refresh tokens. Each is made from the one before it by an HMAC under the pepper, so that whoever
// shows the same one again for lack of an answer can be given the same successor, although no token
// is kept anywhere.
#pragma once

#include <chrono>
#include <string_view>

#include "authn/key_digester.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "domain/grant.hpp"

namespace keystead::oauth {

struct IssuedRefreshToken {
  Secret text;
  domain::RefreshToken record;  // of no grant yet, in a first one
};

class RefreshTokens {
 public:
  struct Parts {
    std::chrono::seconds lifetime;  // without a use
    authn::KeyDigester const& digester;
    Clock const& clock;
    Random& random;
  };

  // What `parts` refers to outlives the object.
  explicit RefreshTokens(Parts parts) : parts_(parts) {}

  IssuedRefreshToken first(domain::GrantId const& grant) const;
  // The one that follows on `text`, under a version of the pepper.
  IssuedRefreshToken successor(std::string_view text, int version) const;
  IssuedRefreshToken successor(std::string_view text) const;

  domain::GrantSecretDigest digest(std::string_view text, int version) const;

 private:
  domain::RefreshToken record_of(std::string_view text, int version) const;

  Parts parts_;
};

}  // namespace keystead::oauth
