// What a provider says when somebody has signed out there (OpenID Connect Back-Channel Logout 1.0):
// the sessions that the same person began by it end here, too (attack 39).
#pragma once

#include <cstddef>
#include <string_view>

#include "authn/oidc_sign_in.hpp"
#include "authn/sessions.hpp"

namespace keystead::authn {

// Safe from any thread. May wait for the provider's keys; throws store::Broken.
class OidcLogout {
 public:
  // All outlive the object.
  struct Parts {
    OidcSignIn const& sign_in;
    Sessions& sessions;
    store::UserStore& users;
    Clock const& clock;
  };
  explicit OidcLogout(Parts const& parts) : parts_(parts) {}

  // Says how many sessions have ended: those that were begun before the token was issued, so that
  // one that is sent again does nothing more. Which of the sessions at the provider it was (`sid`)
  // makes no difference, and who is unknown here has none. Code::invalid_request, whatever is wrong
  // with the token (§2.8).
  Result<std::size_t> take(
      std::string_view provider, std::string_view logout_token, std::string_view request_id
  );

 private:
  Parts parts_;
};

}  // namespace keystead::authn
