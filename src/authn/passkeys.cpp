#include "authn/passkeys.hpp"

namespace keystead::authn {
namespace {

// What is wrong is for the log.
std::unexpected<Failure> refuse(std::string detail) {
  return fail(Code::unauthorized, "the passkey is not accepted", std::move(detail));
}

std::vector<Particular> particulars_of(domain::PasskeyId const& id) {
  return {{"passkey", id.text()}};
}

}  // namespace

std::string user_handle_of(domain::UserId const& user) {
  auto bytes = user.bytes();
  return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

std::string Passkeys::registration_challenge(domain::UserId const& user) const {
  return tickets_.issue(TicketPurpose::add_passkey, user);
}

std::string Passkeys::sign_in_challenge() const {
  return tickets_.issue(TicketPurpose::sign_in_with_passkey, {});
}

Result<domain::Passkey> Passkeys::add(
    FactorChange const& change, webauthn::Attestation const& attestation, std::string name
) {
  auto made = TRY(webauthn::verify_attestation(attestation, party_));
  auto asked = tickets_.redeem(made.challenge, TicketPurpose::add_passkey);
  if (!asked || *asked != change.user) {
    return fail(Code::invalid_request, "the challenge is not one of this user's, or not any more");
  }
  Time now = clock_.now();
  domain::Passkey passkey{
      .id = domain::PasskeyId::mint(random_, now),
      .user = change.user,
      .credential = std::move(made.id),
      .public_key = std::move(made.public_key),
      .sign_count = made.sign_count,
      .name = std::move(name),
      .created_at = now,
  };
  auto entry = factor_event("passkey.add", change, now, particulars_of(passkey.id));
  TRY(store_.add_passkey(passkey, change.session, entry));
  ring_.forget_user(change.user);
  return passkey;
}

Result<void> Passkeys::rename(
    FactorChange const& change, domain::PasskeyId const& id, std::string const& name
) {
  auto entry = factor_event("passkey.rename", change, clock_.now(), particulars_of(id));
  return store_.rename_passkey(change.user, id, name, entry);
}

Result<void> Passkeys::remove(FactorChange const& change, domain::PasskeyId const& id) {
  auto entry = factor_event("passkey.remove", change, clock_.now(), particulars_of(id));
  TRY(store_.remove_passkey(change.user, id, change.session, entry));
  ring_.forget_user(change.user);
  return {};
}

std::optional<domain::UserId> Passkeys::owner_of(std::string_view credential) const {
  auto passkey = store_.find_passkey(credential);
  if (!passkey) return std::nullopt;
  return passkey->user;
}

Result<domain::UserId> Passkeys::prove(
    std::string_view credential, std::string_view user_handle, webauthn::Assertion const& assertion
) {
  auto passkey = store_.find_passkey(credential);
  if (!passkey) return refuse("no such credential");
  if (user_handle != user_handle_of(passkey->user)) return refuse("another user's credential");
  auto proven = webauthn::verify_assertion(assertion, passkey->public_key, party_);
  if (!proven) return refuse(proven.error().public_text);
  auto asked = tickets_.redeem(proven->challenge, TicketPurpose::sign_in_with_passkey);
  if (!asked) return refuse("the challenge is not ours, over, or was answered already");
  auto used = store_.note_passkey_use(passkey->id, proven->sign_count, clock_.now());
  if (!used) return refuse(used.error().public_text);
  return passkey->user;
}

}  // namespace keystead::authn
