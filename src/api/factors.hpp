// Changes of what an account is signed in to with, as the pages and the REST interface make them:
// who makes one has shown just now who it is, and afterwards the session goes on under another
// cookie and all others have ended (attack 107).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/sign_in.hpp"

namespace keystead::api {

// What a change is made in, for the time of the call.
struct FactorCall {
  domain::Session const& session;
  RouteCall const& call;
  http::Response& response;
};

class Factors {
 public:
  // `sign_in` outlives it.
  explicit Factors(SignIn const& sign_in) : sign_in_(sign_in) {}

  // These two change nothing yet. What they return is good for what follows in the same session.
  // Code::conflict for a user who has no password, or signs in elsewhere.
  Result<authn::NewTotp> begin_totp(FactorCall const& change, Proof const& proof) const;
  Result<std::string> begin_passkey(FactorCall const& change, Proof const& proof) const;

  Result<std::vector<Secret>> confirm_totp(FactorCall const& change, std::string_view code) const;
  // A fresh session does not suffice.
  Result<void> remove_totp(FactorCall const& change, Proof const& proof) const;

  // Code::not_found where there are no passkeys.
  Result<domain::Passkey> add_passkey(
      FactorCall const& change, authn::webauthn::Attestation const& attestation, std::string name
  ) const;
  Result<void> rename_passkey(
      FactorCall const& change, domain::PasskeyId const& id, std::string const& name
  ) const;
  Result<void> remove_passkey(
      FactorCall const& change, domain::PasskeyId const& id, Proof const& proof
  ) const;

 private:
  Result<void> require_owner(FactorCall const& change, Proof const& proof) const {
    return sign_in_.require_owner(change.session, proof, change.call, change.response);
  }
  Result<void> renew(FactorCall const& change) const {
    return sign_in_.renew(change.session, change.call, change.response);
  }
  Result<authn::Passkeys*> passkeys() const;

  SignIn const& sign_in_;
};

}  // namespace keystead::api
