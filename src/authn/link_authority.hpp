// Makes the links that are sent by e-mail, and does once what they are for. A link is 256 random
// bits; the store holds their HMAC, in which the purpose is mixed, so that a link of one purpose
// is none of another whatever the rows say (attack 73).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "authn/key_digester.hpp"
#include "authn/key_event.hpp"
#include "authn/user_authority.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "domain/one_time_link.hpp"
#include "store/once_store.hpp"
#include "store/user_store.hpp"

namespace keystead::authn {

struct IssuedLink {
  Secret value;  // given out once
  domain::OneTimeLink record;
};

struct Invitation {
  std::string email;  // as domain::parse_email gives it
  domain::TenantId tenant;
  domain::Role role;
};

// Who takes an invitation up without being a user yet.
struct Newcomer {
  std::string name;
  Secret password;  // its PHC string
};

struct Accepted {
  domain::User user;
  domain::Membership membership;
  bool is_new = false;
};

// Safe from any thread. Functions may wait for the disk and throw store::Broken.
class LinkAuthority {
 public:
  static constexpr std::chrono::days kInvitationLifetime{7};
  static constexpr std::chrono::hours kResetLifetime{1};

  struct Parts {
    store::OnceStore& once;
    store::UserStore& users;
    Ring& ring;
    KeyDigester const& digester;
    Clock const& clock;
    Random& random;
  };

  // What `parts` refers to outlives the object.
  explicit LinkAuthority(Parts parts)
      : parts_(parts), people_(parts.users, parts.ring, parts.clock) {}

  // Takes the place of the one before it, of the same address into the same tenant. conflict if
  // whoever signs in by the address belongs to the tenant already; not_found for an unknown tenant.
  Result<IssuedLink> invite(Invitation const& invitation, Actor const& actor);
  // Ends it. not_found if it has been used or withdrawn meanwhile.
  Result<void> withdraw(Invitation const& invitation, Actor const& actor);
  // For whoever signs in here by the address; not_found if nobody does.
  Result<IssuedLink> reset(std::string_view email, Actor const& actor);

  // What the link would do; nothing if it is not valid. Uses nothing up: programs open links in
  // e-mails ahead of their readers.
  std::optional<domain::OneTimeLink> find(
      domain::LinkPurpose purpose, std::string_view value
  ) const;

  // Both use the link up, and fail with not_found if it is not valid.
  //
  // Who comes in is `user`, who is signed in and loses no rights by it, or else `newcomer`, who
  // becomes a user of the invitation's address. With the link unused: conflict if the address is
  // another user's already, since a link alone must not add rights to an account that somebody else
  // may have made; invalid_request if nobody comes in, or the newcomer's name cannot be kept.
  Result<Accepted> accept(
      std::string_view value,
      std::optional<domain::UserId> const& user,
      std::optional<Newcomer> const& newcomer,
      std::string const& request_id
  );
  // Sets the password and ends all sessions of the user; begins none, so that who has a second
  // factor is asked for it.
  Result<domain::UserId> reset_password(
      std::string_view value, Secret const& phc, std::string const& request_id
  );

 private:
  Result<IssuedLink> issue(
      domain::OneTimeLink link, std::chrono::seconds lifetime, domain::AuditEntry const& entry
  );
  Result<domain::OneTimeLink> redeem(
      domain::OneTimeLink const& link, domain::AuditEntry const& entry
  );
  domain::LinkDigest digest(domain::LinkPurpose purpose, std::string_view value, int version) const;

  Parts parts_;
  UserAuthority people_;
};

}  // namespace keystead::authn
