#include "oauth/grants/authorization_code.hpp"

#include "oauth/checks/pkce.hpp"
#include "oauth/grant_event.hpp"
#include "oauth/issued_secret.hpp"

namespace keystead::oauth {
namespace {

std::optional<domain::AuthorizationCode> find_code(
    GrantSurroundings const& with, std::string_view text
) {
  for (int version : with.digester.versions()) {
    auto digest = digest_of(SecretPurpose::code, text, with.digester, version);
    if (auto code = with.grants.find_code(digest, with.clock.now())) return code;
  }
  return std::nullopt;
}

// Before the code is used: whoever cannot say all this, or says it to another issuer, neither gets
// its tokens, nor ends its grant by replaying it (attacks 46, 48 and 50).
bool is_callers(
    domain::AuthorizationCode const& code, domain::Grant const& grant, GrantCall const& call
) {
  // OAuth 2.1 §4.1.3 does without redirect_uri, since the verifier binds the code; one that is
  // said must be the one.
  auto redirect_uri = call.find("redirect_uri");
  bool has_key = code.key_thumbprint.empty() || code.key_thumbprint == call.key_thumbprint;
  return code.client == call.client.client.id && call.issuer().has_any(grant.resources) &&
         has_key && (redirect_uri.empty() || redirect_uri == code.redirect_uri) &&
         is_verified(call.find("code_verifier"), code.code_challenge);
}

}  // namespace

TokenResult<TokenAnswer> redeem_authorization_code(
    GrantSurroundings const& with, GrantCall const& call
) {
  if (call.find("code").empty()) return refuse(TokenError::invalid_request, "code is missing.");
  auto code = find_code(with, call.find("code"));
  auto grant = code ? with.grants.find_grant(code->grant) : std::nullopt;
  if (!grant || !is_callers(*code, *grant, call)) return refuse_grant();
  auto answer = TRY(make_answer(with, call, *grant));
  std::optional<IssuedRefreshToken> first;
  if (call.client.client.may(domain::GrantType::refresh_token)) {
    first = with.refresh_tokens.first(grant->id);
    first->record.key_thumbprint = call.refresh_key();
  }
  Time now = with.clock.now();
  auto redeemed = with.grants.redeem_code(
      code->digest,
      first ? std::optional(first->record) : std::nullopt,
      now,
      grant_event("grant.redeem", *grant, call.actor(), now),
      grant_event("grant.code_replayed", *grant, call.actor(), now)
  );
  if (!redeemed) return refuse_grant();
  with.forget(redeemed->ended);
  if (redeemed->outcome == store::RedeemedCode::Outcome::replayed) return refuse_grant();
  if (first) answer.refresh_token = std::move(first->text);
  return answer;
}

}  // namespace keystead::oauth
