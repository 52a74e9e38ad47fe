// Passkeys: making them, and signing in with one (WebAuthn Level 3). A passkey here always verifies
// who is there, so that it stands for a password and a second factor together; and the device keeps
// it together with the user, so that nobody types an address.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/factor_change.hpp"
#include "authn/ring.hpp"
#include "authn/tickets.hpp"
#include "authn/webauthn/ceremony.hpp"
#include "store/second_factor_store.hpp"

namespace keystead::authn {

// Safe from any thread. Functions may wait for the disk and throw store::Broken; what they return
// has been made durable, together with its row in the audit log.
class Passkeys {
 public:
  // All references outlive it.
  Passkeys(
      webauthn::RelyingParty party,
      store::SecondFactorStore& store,
      Tickets const& tickets,
      Ring& ring,
      Clock const& clock,
      Random& random
  )
      : party_(std::move(party)),
        store_(store),
        tickets_(tickets),
        ring_(ring),
        clock_(clock),
        random_(random) {}

  webauthn::RelyingParty const& party() const { return party_; }
  std::vector<domain::Passkey> list(domain::UserId const& user) const {
    return store_.list_passkeys(user);
  }

  // What the browser is to have signed. Both are good once and for five minutes.
  std::string registration_challenge(domain::UserId const& user) const;
  std::string sign_in_challenge() const;

  // Code::invalid_request if the answer is not one to registration_challenge; otherwise fails as
  // SecondFactorStore::add_passkey does.
  Result<domain::Passkey> add(
      FactorChange const& change, webauthn::Attestation const& attestation, std::string name
  );
  // Fail as SecondFactorStore does.
  Result<void> rename(
      FactorChange const& change, domain::PasskeyId const& id, std::string const& name
  );
  Result<void> remove(FactorChange const& change, domain::PasskeyId const& id);

  // Whose sign-in is tried, before it is known to be more than a try.
  std::optional<domain::UserId> owner_of(std::string_view credential) const;
  // Who has signed in. `credential` and `user_handle` are as the browser gives them, as bytes.
  // Code::unauthorized with one text whatever is wrong.
  Result<domain::UserId> prove(
      std::string_view credential,
      std::string_view user_handle,
      webauthn::Assertion const& assertion
  );

 private:
  webauthn::RelyingParty party_;
  store::SecondFactorStore& store_;
  Tickets const& tickets_;
  Ring& ring_;
  Clock const& clock_;
  Random& random_;
};

// By which a device knows the user: the bytes of the id, which say nothing else about a person.
std::string user_handle_of(domain::UserId const& user);

}  // namespace keystead::authn
