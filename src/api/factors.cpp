#include "api/factors.hpp"

namespace keystead::api {
namespace {

authn::FactorChange change_of(FactorCall const& change) {
  return {change.session.user, change.session.id, std::string(change.call.request_id.text())};
}

}  // namespace

Result<authn::Passkeys*> Factors::passkeys() const {
  if (sign_in_.parts().passkeys) return sign_in_.parts().passkeys;
  return fail(Code::not_found, "There are no passkeys here.");
}

Result<authn::NewTotp> Factors::begin_totp(FactorCall const& change, Proof const& proof) const {
  auto user = sign_in_.parts().users.find_user(change.session.user);
  if (!user || !user->password) {
    return fail(Code::conflict, "One-time codes go with a password, and there is none.");
  }
  TRY(require_owner(change, proof));
  return sign_in_.parts().codes.begin(change_of(change), user->email);
}

Result<std::vector<Secret>> Factors::confirm_totp(
    FactorCall const& change, std::string_view code
) const {
  auto codes = TRY(sign_in_.parts().codes.confirm(change_of(change), code));
  TRY(renew(change));
  return codes;
}

Result<void> Factors::remove_totp(FactorCall const& change, Proof const& proof) const {
  if (proof.password.empty() && proof.code.empty()) {
    return fail(Code::forbidden, "Show the password or a code to turn this off.");
  }
  TRY(require_owner(change, proof));
  TRY(sign_in_.parts().codes.remove(change_of(change)));
  return renew(change);
}

Result<std::string> Factors::begin_passkey(FactorCall const& change, Proof const& proof) const {
  auto* keys = TRY(passkeys());
  // Else somebody whom another issuer has shut out would still come in here.
  auto user = sign_in_.parts().users.find_user(change.session.user);
  if (!user || !user->is_local) {
    return fail(Code::conflict, "This account signs in elsewhere; passkeys go with local ones.");
  }
  TRY(require_owner(change, proof));
  return keys->registration_challenge(change.session.user);
}

Result<domain::Passkey> Factors::add_passkey(
    FactorCall const& change, authn::webauthn::Attestation const& attestation, std::string name
) const {
  auto* keys = TRY(passkeys());
  auto passkey = TRY(keys->add(change_of(change), attestation, std::move(name)));
  TRY(renew(change));
  return passkey;
}

Result<void> Factors::rename_passkey(
    FactorCall const& change, domain::PasskeyId const& id, std::string const& name
) const {
  return TRY(passkeys())->rename(change_of(change), id, name);
}

Result<void> Factors::remove_passkey(
    FactorCall const& change, domain::PasskeyId const& id, Proof const& proof
) const {
  auto* keys = TRY(passkeys());
  TRY(require_owner(change, proof));
  TRY(keys->remove(change_of(change), id));
  return renew(change);
}

}  // namespace keystead::api
