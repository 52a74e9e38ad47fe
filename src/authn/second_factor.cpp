#include "authn/second_factor.hpp"

#include <algorithm>

#include "authn/recovery_code.hpp"
#include "codec/base32.hpp"
#include "crypto/sealed_box.hpp"

namespace keystead::authn {
namespace {

// Secrets must be read to be compared with, so they are sealed; the key is nowhere but here. No API
// key has it as its digest: a key holds no colon.
crypto::SealedBox box_of(KeyDigester const& digester, int version) {
  return crypto::SealedBox(digester.digest("totp-secrets:", version));
}

}  // namespace

std::optional<Secret> SecondFactor::secret_of(domain::Totp const& totp) const {
  auto const& versions = digester_.versions();
  if (std::ranges::find(versions, totp.pepper_version) == versions.end()) return std::nullopt;
  return box_of(digester_, totp.pepper_version).open(totp.sealed_secret, totp.user.text());
}

bool SecondFactor::is_on(domain::UserId const& user) const {
  auto totp = store_.find_totp(user);
  return totp && totp->confirmed_at;
}

Result<NewTotp> SecondFactor::begin(FactorChange const& change, std::string_view account) {
  auto secret = new_totp_secret(random_);
  int version = digester_.current_version();
  domain::Totp totp{
      .user = change.user,
      .sealed_secret = box_of(digester_, version).seal(secret, change.user.text(), random_),
      .pepper_version = version,
  };
  TRY(store_.begin_totp(totp, factor_event("totp.begin", change, clock_.now())));
  return NewTotp{
      Secret(codec::base32_encode(secret.reveal())), totp_uri(secret, service_, account)
  };
}

Result<std::vector<Secret>> SecondFactor::confirm(
    FactorChange const& change, std::string_view code
) {
  auto begun = store_.find_totp(change.user);
  auto secret = begun ? secret_of(*begun) : std::nullopt;
  if (!secret) return fail(Code::not_found, "there are no one-time codes");
  Time now = clock_.now();
  auto step = match_totp(*secret, code, now, begun->last_step);
  if (!step) return fail(Code::invalid_request, "the code is wrong, or not valid any more");
  std::vector<Secret> codes;
  std::vector<domain::RecoveryDigest> digests;
  while (codes.size() < kRecoveryCodes) {
    codes.push_back(new_recovery_code(random_));
    digests.push_back(
        recovery_digest(codes.back().reveal(), change.user, digester_, begun->pepper_version)
    );
  }
  auto entry = factor_event("totp.confirm", change, now);
  TRY(store_.confirm_totp(*begun, *step, digests, change.session, entry));
  ring_.forget_user(change.user);
  return codes;
}

Result<void> SecondFactor::remove(FactorChange const& change) {
  auto entry = factor_event("totp.remove", change, clock_.now());
  TRY(store_.remove_totp(change.user, change.session, entry));
  ring_.forget_user(change.user);
  return {};
}

bool SecondFactor::accept(FactorChange const& change, std::string_view code) {
  auto totp = store_.find_totp(change.user);
  if (!totp || !totp->confirmed_at) return false;
  Time now = clock_.now();
  if (auto secret = secret_of(*totp)) {
    auto step = match_totp(*secret, code, now, totp->last_step);
    if (step) return store_.use_totp_step(change.user, *step);
  }
  auto entry = factor_event("recovery_code.use", change, now);
  return std::ranges::any_of(digester_.versions(), [&](int version) {
    auto digest = recovery_digest(code, change.user, digester_, version);
    return store_.use_recovery_code(change.user, digest, entry);
  });
}

}  // namespace keystead::authn
