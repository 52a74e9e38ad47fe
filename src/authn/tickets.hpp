// Short-lived values that we hand out and get back once: what a passkey signs as a challenge, and
// what says between two steps of a sign-in that the first is done. They need no row while they are
// out: each says under a MAC what it is for, for whom, and until when.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "authn/key_digester.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "domain/ids.hpp"
#include "store/once_store.hpp"

namespace keystead::authn {

// A ticket for one thing is none for another.
enum class TicketPurpose { add_passkey, sign_in_with_passkey, second_step };

inline constexpr std::chrono::minutes kTicketLifetime{5};

// Safe from any thread. A change of the current pepper ends those that are out.
class Tickets {
 public:
  // All references outlive it.
  Tickets(KeyDigester const& digester, store::OnceStore& once, Clock const& clock, Random& random)
      : digester_(digester), once_(once), clock_(clock), random_(random) {}

  // What of a user the ticket is good for only as long as it stays as it is.
  using Held = std::function<std::string(domain::UserId const&)>;

  // Base64url: it goes into a cookie and into JSON as it is. `held` is what Held will say of the
  // user; it stays out of the ticket.
  std::string issue(
      TicketPurpose purpose, std::optional<domain::UserId> const& user, std::string_view held = {}
  ) const;
  // For whom it was issued. Code::unauthorized alike for one that is forged, over, for something
  // else, or of a user who has changed. It stays good: whoever acts on it redeems it. `held` is
  // asked about users that a forger has made up, too.
  Result<std::optional<domain::UserId>> read(
      std::string_view ticket, TicketPurpose purpose, Held const& held = {}
  ) const;
  // The same, and of all who bring it one succeeds. May wait for the disk, and throws
  // store::Broken.
  Result<std::optional<domain::UserId>> redeem(
      std::string_view ticket, TicketPurpose purpose, Held const& held = {}
  ) const;

 private:
  KeyDigester const& digester_;
  store::OnceStore& once_;
  Clock const& clock_;
  Random& random_;
};

}  // namespace keystead::authn
