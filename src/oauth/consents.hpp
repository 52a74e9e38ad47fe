// Between a checked request and a code: the request waits for a person, under a name that the
// person's browser carries along, and is decided once. What comes of an approval is a grant, and a
// code that stands for it for a minute.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "authn/key_digester.hpp"
#include "authn/place.hpp"
#include "base/random.hpp"
#include "oauth/authorize.hpp"
#include "oauth/clients.hpp"
#include "oauth/pushed_requests.hpp"
#include "store/authorization_store.hpp"
#include "store/grant_store.hpp"

namespace keystead::oauth {

class Consents {
 public:
  // Signing in and reading take a while.
  static constexpr std::chrono::minutes kWaitsFor{30};
  static constexpr std::chrono::seconds kCodeLifetime{60};

  struct Parts {
    domain::Issuers const& issuers;
    AuthorizeRules rules;
    PushedRequests const* pushed;  // null: none are taken
    Clients const& clients;
    store::AuthorizationStore& requests;
    store::GrantStore& grants;
    authn::KeyDigester const& digester;
    Clock const& clock;
    Random& random;
  };
  // A request that waits, with the client as it is now. Whether the client still returns to that
  // address was asked again (attack 43).
  struct Waiting {
    AuthorizationAsked asked;
    domain::Issuer issuer;
    domain::Client client;
    RedirectUri redirect_uri;
  };
  struct Approval {
    domain::UserId user;
    authn::Place place;
    std::string address;  // of the person's browser
  };

  // What `parts` refers to outlives the object. All functions are safe from any thread, may wait,
  // and throw store::Broken.
  explicit Consents(Parts parts) : parts_(std::move(parts)) {}

  // The name of the request that the query to the endpoint of `issuer` makes, or that it names as
  // one that was pushed.
  std::expected<std::string, AuthorizeRefusal> begin(
      domain::Issuer const& issuer, std::string_view query, authn::Actor const& actor
  ) const;

  // Code::not_found for one that is unknown, over or decided.
  Result<Waiting> find(std::string_view name, authn::Actor const& actor) const;

  // What the client may do for the user there already, by what the same issuer has granted. What
  // was approved before the client became another one does not count (attack 67).
  std::vector<std::string> granted(
      Waiting const& waiting, domain::UserId const& user, domain::TenantId const& tenant
  ) const;
  // Whether that is all it could get of what it asks for, and nothing speaks against not asking the
  // person again.
  bool is_remembered(
      Waiting const& waiting, domain::UserId const& user, authn::Place const& place
  ) const;

  // Decides the request: the address to send the browser to. Of many at once one decides;
  // Code::not_found for the others. Code::forbidden if the person's role allows none of it, or the
  // place is not where the issuer's tokens act.
  Result<std::string> approve(
      std::string_view name, Approval const& approval, authn::Actor const& actor
  ) const;
  Result<std::string> deny(std::string_view name, authn::Actor const& actor) const;

 private:
  template <class Find>
  Result<Waiting> open(std::string_view name, authn::Actor const& actor, Find find) const;
  Result<Waiting> take(std::string_view name, authn::Actor const& actor) const;

  Parts parts_;
};

}  // namespace keystead::oauth
