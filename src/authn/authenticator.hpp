// Credential → Principal: the one place where a caller becomes somebody.
#pragma once

#include <optional>
#include <vector>

#include "authn/credential.hpp"
#include "authn/key_digester.hpp"
#include "authn/key_rules.hpp"
#include "authn/ring.hpp"
#include "base/clock.hpp"
#include "domain/principal.hpp"
#include "store/control_store.hpp"

namespace keystead::authn {

class ExternalTokens;
class OwnTokens;
class Sessions;

class Authenticator {
 public:
  // All references outlive the authenticator. Without `tokens` no token of another issuer is good,
  // without `sessions` no session, without `own_tokens` no token of ours.
  Authenticator(
      KeyRules const& rules,
      KeyDigester const& digester,
      store::ControlStore& store,
      Ring& ring,
      Clock const& clock,
      ExternalTokens* tokens = nullptr,
      Sessions* sessions = nullptr,
      OwnTokens* own_tokens = nullptr
  );

  // Who presents nothing, for what is open to all: of no tenant, without a scope, with no key.
  static domain::Principal nobody() { return domain::Principal(std::nullopt, {}, {}); }

  // The one answer to every credential that is not good.
  static std::unexpected<Failure> refusal() {
    return fail(Code::unauthorized, "A valid credential is required.");
  }

  // From memory alone; nothing if the store must be asked. Never waits. `address` is where the
  // request comes from, without port.
  std::optional<Result<domain::Principal>> authenticate_from_memory(
      Credential const& credential, std::string_view address
  ) const;

  // Asks the store, or the issuer of a token, where memory does not know. May wait; throws
  // store::Broken.
  //
  // Absent, malformed, unknown, expired and revoked credentials are one and the same Failure,
  // Code::unauthorized, so that the answer tells a stranger nothing. A key that may not be used
  // from this address is Code::forbidden. `was_issued`, where given, is set if the key is ours but
  // has ended: whoever has it was given it, and is not guessing. A token that is bound to a key is
  // good only with the key that it is presented as proven with.
  Result<domain::Principal> authenticate(
      Credential const& credential, std::string_view address, bool* was_issued = nullptr
  ) const;

 private:
  // What the ring calls a token or a session; nothing for what cannot be good here.
  std::optional<domain::KeyDigest> digest_of_person(Credential const& credential) const;
  std::optional<Standing> verify_token(std::string_view token, Time now) const;
  std::optional<Result<domain::Principal>> recall(
      Credential const& credential,
      domain::KeyDigest const& digest,
      std::string_view address,
      Time now
  ) const;
  Result<domain::Principal> verify(
      Credential const& credential,
      domain::KeyDigest const& digest,
      std::string_view address,
      Time now
  ) const;
  Result<domain::Principal> judge(
      Standing const& standing, std::string_view proven_key, std::string_view address, Time now
  ) const;
  std::optional<domain::ApiKey> load(
      std::string_view text, domain::KeyDigest const& digest, int version, Time now
  ) const;
  // A key that was imported as its SHA-256, kept from now on under `digest`, which is its own under
  // the current pepper. Nothing if there is none that is good.
  std::optional<domain::ApiKey> settle(
      std::string_view text, domain::KeyDigest const& digest, Time now
  ) const;
  // Whether the kind and the environment of the record are those that the key's text says.
  bool is_of_its_form(domain::ApiKey const& key, std::string_view text) const;

  KeyRules const& rules_;
  KeyDigester const& digester_;
  store::ControlStore& store_;
  Ring& ring_;
  Clock const& clock_;
  ExternalTokens* tokens_;
  Sessions* sessions_;
  OwnTokens* own_tokens_;
};

// What a key of the store stands for; nothing if it is revoked or expired at `now`, or of a kind or
// an environment that the configuration does not know any more.
std::optional<Standing> standing_of(domain::ApiKey const& key, KeyRules const& rules, Time now);

}  // namespace keystead::authn
