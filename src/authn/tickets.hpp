// Short-lived values that we hand out and get back once: what a passkey signs as a challenge, and
// what says between two steps of a sign-in that the first is done. They need no row while they are
// out: each says under a MAC what it is for, for whom, and until when.
#pragma once

#include <chrono>
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

  // Base64url: it goes into a cookie and into JSON as it is.
  std::string issue(TicketPurpose purpose, std::optional<domain::UserId> const& user) const;
  // For whom it was issued. Code::unauthorized alike for one that is forged, over or for something
  // else. It stays good: whoever acts on it redeems it.
  Result<std::optional<domain::UserId>> read(std::string_view ticket, TicketPurpose purpose) const;
  // The same, and of all who bring it one succeeds. May wait for the disk, and throws
  // store::Broken.
  Result<std::optional<domain::UserId>> redeem(
      std::string_view ticket, TicketPurpose purpose
  ) const;

 private:
  KeyDigester const& digester_;
  store::OnceStore& once_;
  Clock const& clock_;
  Random& random_;
};

}  // namespace keystead::authn
