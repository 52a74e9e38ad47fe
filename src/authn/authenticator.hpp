// Credential → Principal: the one place where a caller becomes somebody.
#pragma once

#include <optional>
#include <vector>

#include "authn/credential.hpp"
#include "authn/key_digester.hpp"
#include "authn/ring.hpp"
#include "base/clock.hpp"
#include "domain/key_format.hpp"
#include "domain/principal.hpp"
#include "store/control_store.hpp"

namespace keystead::authn {

class Authenticator {
 public:
  // All references outlive the authenticator.
  Authenticator(
      domain::KeyFormat const& format,
      KeyDigester const& digester,
      domain::ScopeCatalog const& scopes,
      store::ControlStore& store,
      Ring& ring,
      Clock const& clock
  );

  // From memory alone; nothing if the store must be asked. Never waits.
  std::optional<Result<domain::Principal>> authenticate_from_memory(
      Credential const& credential
  ) const;

  // Asks the store where memory does not know. May wait; throws store::Broken.
  //
  // Absent, malformed, unknown, expired and revoked credentials are one and the same Failure,
  // Code::unauthorized, so that the answer tells a stranger nothing.
  Result<domain::Principal> authenticate(Credential const& credential) const;

 private:
  Result<domain::Principal> judge(Standing const& standing, Time now) const;

  domain::KeyFormat const& format_;
  KeyDigester const& digester_;
  domain::ScopeCatalog const& scopes_;
  store::ControlStore& store_;
  Ring& ring_;
  Clock const& clock_;
};

// What a key of the store stands for; nothing if it is revoked or expired at `now`.
std::optional<Standing> standing_of(
    domain::ApiKey const& key, domain::ScopeCatalog const& scopes, Time now
);

}  // namespace keystead::authn
