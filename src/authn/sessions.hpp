// Sign-ins that last. The browser holds 256 random bits in a cookie; the store holds their HMAC,
// the ring the Standing that they give. What ends one session makes the ring forget all of the
// user's: they are few, and what the ring calls them by depends on the pepper of the day.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "authn/key_digester.hpp"
#include "authn/key_event.hpp"
#include "authn/place.hpp"
#include "authn/ring.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "domain/session.hpp"
#include "store/session_store.hpp"

namespace keystead::authn {

// From where somebody signs in.
struct Browser {
  std::string_view address;
  std::string_view user_agent;
};

struct OpenedSession {
  Secret cookie;  // given out once
  domain::Session record;
};

// Safe from any thread. Functions may wait for the disk and throw store::Broken.
class Sessions {
 public:
  // After this long without a use, and at the latest after `lifetime`, a session is over.
  struct Options {
    std::chrono::seconds idle = std::chrono::hours(12);
    std::chrono::seconds lifetime = std::chrono::days(30);
  };
  // How long the ring answers for a session without the store being asked. On other nodes that is
  // how long one that was revoked here goes on at most.
  static constexpr std::chrono::seconds kTrustedFor{20};

  struct Parts {
    Options options;
    KeyDigester const& digester;
    store::SessionStore& store;
    store::UserStore& users;
    Places places;
    std::array<domain::ScopeSet, 4> scopes;  // by domain::Role
    Ring& ring;
    Clock const& clock;
    Random& random;
  };

  // What `parts` refers to outlives the object.
  explicit Sessions(Parts const& parts) : parts_(parts) {}

  // For a user who has proven who it is, by `signed_in_by` (password, passkey, oidc:ISSUER). Always
  // a session of its own: whatever cookie the browser had before, `former`, is worth nothing from
  // now on (attack 107). It acts in the one tenant that the user belongs to, or in none yet.
  Result<OpenedSession> begin(
      domain::UserId const& user,
      std::string_view signed_in_by,
      Browser const& browser,
      std::string_view former,
      std::string_view request_id
  );

  // Nothing for one that is unknown, over or ended, or whose user has ended.
  std::optional<domain::Session> find(std::string_view cookie) const;
  // The same as what a check knows of it, and notes the use.
  std::optional<Standing> verify(std::string_view cookie, Time now) const;

  // The session under a new cookie, after its user's rights changed; in another tenant if one is
  // given. The old cookie is refused when this returns (attack 107). not_found if it is over, or
  // the user does not belong to the tenant.
  Result<OpenedSession> rotate(
      std::string_view cookie,
      std::optional<domain::TenantId> const& tenant,
      std::string_view request_id
  );

  // When these return, what was ended is refused on this node. Ending none is no failure.
  void end(std::string_view cookie, std::string_view request_id);
  // Code::not_found also for a session of somebody else (attack 111).
  Result<void> revoke(
      domain::UserId const& user, domain::SessionId const& id, std::string_view request_id
  );
  // All of the user's but `keep`; says how many.
  std::size_t revoke_all(
      domain::UserId const& user,
      std::optional<domain::SessionId> const& keep,
      std::string_view request_id
  );
  // Those that are not over, the latest seen first.
  std::vector<domain::Session> list(domain::UserId const& user) const;

  // What a form or a script of ours must show beside the cookie, so that the request is not another
  // site's doing (attack 106). Says nothing about the cookie.
  std::string csrf_token(std::string_view cookie) const;
  bool is_csrf_token(std::string_view cookie, std::string_view token) const;

  // What the ring knows it by. Of no key and no token: they hold no colon.
  domain::KeyDigest digest(std::string_view cookie) const;

  // Where the user may act, for the choice.
  Places const& places() const { return parts_.places; }
  Options const& options() const { return parts_.options; }

 private:
  domain::KeyDigest digest(std::string_view cookie, int version) const;
  std::optional<Place> place_of(domain::Session const& session) const;

  Parts parts_;
};

}  // namespace keystead::authn
