// Signing in at an OpenID Provider: the authorization code flow with PKCE, state and nonce (OpenID
// Connect Core §3.1, RFC 9700 §2.1). Who comes back is a user by issuer and subject, and by nothing
// else (attack 38).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/oidc_flow.hpp"
#include "authn/oidc_provider.hpp"
#include "domain/user.hpp"
#include "store/once_store.hpp"
#include "store/user_store.hpp"

namespace keystead::authn {

// Safe from any thread. Functions may wait for the provider, and throw store::Broken. The public
// text of a Failure is for the person; it holds nothing that the request said.
class OidcSignIn {
 public:
  struct Parts {
    std::vector<std::unique_ptr<OidcProvider>> providers;
    crypto::SealedBox box;
    store::UserStore& users;
    store::OnceStore& once;
    Clock const& clock;
    Random& random;
  };
  // What `parts` refers to outlives the object.
  explicit OidcSignIn(Parts parts) : parts_(std::move(parts)) {}

  // Null if there is none of this name.
  OidcProvider* find(std::string_view name) const;

  // Where the browser goes, and the cookie that it takes along.
  struct Begun {
    std::string location;
    Secret cookie;
  };
  // `links` is a user who is signed in and asked, in a way that no other site can, that the
  // identity become another of its own. Code::not_found for an unknown provider, Code::unavailable
  // while it does not answer.
  Result<Begun> begin(
      std::string_view provider, std::string next, std::optional<domain::UserId> const& links
  );

  // What the browser came back with.
  struct Callback {
    std::string_view query;
    std::string_view cookie;                  // empty if there is none
    std::optional<domain::UserId> signed_in;  // whose session the browser has
    std::string_view request_id;
  };
  struct Finished {
    domain::User user;
    std::string issuer;
    std::string next;
    bool is_linked = false;  // the user asked for that, and has a session already
  };
  // Code::unauthorized for what this browser did not begin here, is over, or was used before; for
  // what the provider refused; and for an ID token that is not good. Code::conflict if the identity
  // is another user's already.
  Result<Finished> finish(std::string_view provider, Callback const& callback);

 private:
  Result<OidcFlow> take_flow(std::string_view provider, std::string_view state, Callback const&);
  Result<Finished> finish_as(
      OidcFlow const& flow, jose::VerifiedJwt const& id_token, Callback const& callback
  );

  Parts parts_;
};

}  // namespace keystead::authn
