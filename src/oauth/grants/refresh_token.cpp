#include "oauth/grants/refresh_token.hpp"

#include "oauth/grant_event.hpp"

namespace keystead::oauth {
namespace {

std::optional<domain::RefreshToken> find_token(
    GrantSurroundings const& with, std::string_view text
) {
  for (int version : with.digester.versions()) {
    auto digest = with.refresh_tokens.digest(text, version);
    if (auto token = with.grants.find_refresh_token(digest, with.clock.now())) return token;
  }
  return std::nullopt;
}

// Whoever has it and another key has stolen it, or lost the key (RFC 9449 §5).
bool has_key(domain::RefreshToken const& token, GrantCall const& call) {
  return token.key_thumbprint.empty() || token.key_thumbprint == call.key_thumbprint;
}

}  // namespace

TokenResult<TokenAnswer> refresh(GrantSurroundings const& with, GrantCall const& call) {
  using Outcome = store::RotatedToken::Outcome;
  auto text = call.find("refresh_token");
  if (text.empty()) return refuse(TokenError::invalid_request, "refresh_token is missing.");
  auto token = find_token(with, text);
  auto grant = token ? with.grants.find_grant(token->grant) : std::nullopt;
  // Before it is used: nobody else ends the grant by showing an old token (attack 46), and nobody
  // to whom it was sent by mistake (attack 50).
  if (!grant || grant->client != call.client.client.id) return refuse_grant();
  if (!call.issuer().has_any(grant->resources) || !has_key(*token, call)) return refuse_grant();
  auto answer = TRY(make_answer(with, call, *grant));
  auto successor = with.refresh_tokens.successor(text);
  // Once bound, always bound: a line that has begun without a key takes one up with the first.
  successor.record.key_thumbprint =
      token->key_thumbprint.empty() ? call.refresh_key() : token->key_thumbprint;
  Time now = with.clock.now();
  auto rotated = with.grants.rotate_refresh_token(
      token->digest,
      successor.record,
      with.retry_window,
      now,
      grant_event("grant.refresh", *grant, call.actor(), now),
      grant_event("grant.refresh_reused", *grant, call.actor(), now)
  );
  if (!rotated) return refuse_grant();
  with.forget(rotated->ended);
  if (rotated->outcome == Outcome::reused) return refuse_grant();
  // As it was made, maybe under a pepper that was current a minute ago.
  auto stored = with.refresh_tokens.successor(text, rotated->successor.pepper_version);
  answer.refresh_token = std::move(stored.text);
  return answer;
}

}  // namespace keystead::oauth
