// Authorization requests that a client hands in itself, before it sends anybody (RFC 9126). What is
// pushed was checked; the browser brings the name of it alone, which is good once.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "authn/dpop.hpp"
#include "authn/key_digester.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "oauth/authorize.hpp"
#include "oauth/checks/client_authentication.hpp"
#include "store/authorization_store.hpp"

namespace keystead::oauth {

class PushedRequests {
 public:
  static constexpr std::chrono::seconds kLifetime{60};
  static constexpr std::size_t kBytesMax = 32 * 1024;  // of what is pushed

  struct Parts {
    AuthorizeRules rules;
    store::AuthorizationStore& requests;
    authn::KeyDigester const& digester;
    Clock const& clock;
    Random& random;
    authn::Dpop const* dpop = nullptr;  // null: codes are bound to no keys
  };
  // What a browser brings.
  struct Reference {
    domain::ClientId client;
    std::string secret;
  };

  // What `parts` refers to outlives the object. The functions that follow are safe from any thread,
  // may wait, and throw store::Broken.
  explicit PushedRequests(Parts parts) : parts_(std::move(parts)) {}

  // The request_uri. Every error of the authorization endpoint that the request would come to.
  TokenResult<Secret> push(TokenCall const& call, ProvenClient const& from) const;

  // Nothing for a query without a request_uri of ours. Other parameters beside it say nothing: what
  // counts is what was pushed (RFC 9101 §5).
  static std::optional<Reference> read(std::string_view query);

  // The name under which the request is shown until then. Whoever comes again comes to the same
  // page, for as long as it is not decided: browsers go back, reload, and look at links ahead.
  // Nothing for one that is unknown, over, decided, of another client, or pushed to another issuer.
  std::optional<std::string> show(
      domain::Issuer const& issuer, Reference const& reference, Time until
  ) const;

 private:
  using IsMeant = std::function<bool(domain::AuthorizationRequest const&)>;
  std::optional<std::string> show(
      std::string_view secret, int version, Time until, IsMeant const& is_meant
  ) const;

  Parts parts_;
};

}  // namespace keystead::oauth
