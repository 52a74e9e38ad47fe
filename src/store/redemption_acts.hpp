// What GrantStoreOn does with codes and refresh tokens: one conditional UPDATE decides who wins,
// and the loser looks at what the winner has left, in the same transaction.
#pragma once

#include "store/grant_acts.hpp"

namespace keystead::store {

inline std::unexpected<Failure> no_such_code() {
  return fail(Code::not_found, "the code is not valid, or not any more");
}

inline std::unexpected<Failure> no_such_refresh_token() {
  return fail(Code::not_found, "the refresh token is not valid, or not any more");
}

template <class Store>
Result<void> GrantStoreOn<Store>::add_code(
    domain::AuthorizationCode const& code,
    domain::Grant const& grant,
    domain::AuditEntry const& entry
) {
  if (code.grant != grant.id || code.client != grant.client) {
    return fail(Code::invalid_request, "the code is another grant's");
  }
  Writing writing(store_);
  TRY(need_bearer(*writing, store_.seals(), grant));
  TRY(insert_grant(*writing, store_.seal(), grant));
  TRY(insert_code(*writing, code));
  writing.commit_with(entry);
  return {};
}

template <class Store>
std::optional<domain::AuthorizationCode> GrantStoreOn<Store>::find_code(
    domain::GrantSecretDigest const& digest, Time now
) {
  Reading reading(store_);
  return select_code(*reading, digest, now);
}

template <class Store>
Result<RedeemedCode> GrantStoreOn<Store>::redeem_code(
    domain::GrantSecretDigest const& digest,
    std::optional<domain::RefreshToken> const& first,
    Time now,
    domain::AuditEntry const& entry,
    domain::AuditEntry const& replay
) {
  Writing writing(store_);
  auto code = select_code(*writing, digest, now);
  if (!code) return no_such_code();
  bool is_winner = writing->prepare(code_row::kUse).bind(digest, now).next();
  if (!is_winner) {
    auto ended = end_lines(*writing, {code->grant}, now);
    auto grant = select_grant(*writing, store_.seals(), code->grant);
    if (!grant) return no_such_code();
    writing.commit_with(replay);
    return RedeemedCode{RedeemedCode::Outcome::replayed, std::move(*grant), std::move(ended)};
  }
  auto grant = select_living_grant(*writing, store_.seals(), code->grant);
  if (!grant) return no_such_code();
  if (first) TRY(insert_refresh_token(*writing, *first));
  writing->prepare(grant_row::kTouch).bind(grant->id, now, grant->last_address).run();
  writing.commit_with(entry);
  return RedeemedCode{RedeemedCode::Outcome::redeemed, std::move(*grant)};
}

template <class Store>
std::optional<domain::RefreshToken> GrantStoreOn<Store>::find_refresh_token(
    domain::GrantSecretDigest const& digest, Time now
) {
  Reading reading(store_);
  return select_refresh_token(*reading, digest, now);
}

template <class Store>
Result<RotatedToken> GrantStoreOn<Store>::rotate_refresh_token(
    domain::GrantSecretDigest const& digest,
    domain::RefreshToken const& successor,
    std::chrono::seconds retry_window,
    Time now,
    domain::AuditEntry const& entry,
    domain::AuditEntry const& reuse
) {
  using Outcome = RotatedToken::Outcome;
  Writing writing(store_);
  if (auto used = use_refresh_token(*writing, digest, now)) {
    auto grant = select_living_grant(*writing, store_.seals(), used->grant);
    if (!grant) return no_such_refresh_token();
    auto next = successor;
    next.grant = used->grant;
    next.generation = used->generation + 1;
    TRY(insert_refresh_token(*writing, next));
    writing->prepare(grant_row::kTouch).bind(grant->id, now, grant->last_address).run();
    writing.commit_with(entry);
    return RotatedToken{Outcome::rotated, std::move(*grant), next};
  }
  auto used = select_refresh_token(*writing, digest, now);
  auto grant = used ? select_living_grant(*writing, store_.seals(), used->grant) : std::nullopt;
  if (!grant || !used->used_at) return no_such_refresh_token();
  // Only the direct parent of the token that is good now is excused (attack 55).
  auto next = select_generation(*writing, used->grant, used->generation + 1);
  if (next && !next->used_at && now - *used->used_at <= retry_window) {
    return RotatedToken{Outcome::repeated, std::move(*grant), *next};
  }
  auto ended = end_lines(*writing, {grant->id}, now);
  writing.commit_with(reuse);
  grant->ended_at = now;
  return RotatedToken{Outcome::reused, std::move(*grant), {}, std::move(ended)};
}

}  // namespace keystead::store
