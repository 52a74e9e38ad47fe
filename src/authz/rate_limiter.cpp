#include "authz/rate_limiter.hpp"

#include <algorithm>
#include <cstring>

#include "domain/rule.hpp"

namespace keystead::authz {
namespace {

constexpr std::uint64_t kOfKey = 1;
constexpr std::uint64_t kOfTenant = 2;

// Ids are minted here and hold 62 random bits, so nobody can make two that meet.
std::uint64_t owner_of(std::uint64_t kind, std::span<unsigned char const, 16> id) {
  std::uint64_t words[2];
  std::memcpy(words, id.data(), sizeof words);
  return spread(words[0] ^ spread(words[1] ^ spread(kind)));
}

std::uint64_t owner_of(std::uint64_t key, std::string_view tool) {
  return spread(key ^ spread(std::hash<std::string_view>()(tool)));
}

bool limits_nothing(RateLimiter::Policy const& policy) {
  return !policy.key && !policy.tenant && policy.tools.empty();
}

}  // namespace

RateLimiter::RateLimiter(Policy policy)
    : buckets_(
          limits_nothing(policy) ? 0 : policy.buckets_max, RateLimitBuckets::Newcomer::begins_full
      ) {
  if (policy.key) key_.emplace(*policy.key);
  if (policy.tenant) tenant_.emplace(*policy.tenant);
  for (ToolLimit& tool : policy.tools) tools_.emplace_back(std::move(tool.tools), Rule(tool.limit));
}

RateLimitVerdict RateLimiter::take_from_all(
    domain::KeyId const& key,
    std::optional<domain::TenantId> const& tenant,
    std::string_view tool,
    Instant now
) {
  Claims claims = claims_of(key, tenant, tool);
  // Looked at first, so that a caller who is refused and goes on takes nothing from anyone, not
  // even for a moment.
  bool granted = look(claims.span(), now) && take_each(claims.span(), now);
  RateLimitVerdict verdict;
  for (Claim const& claim : claims.span()) {
    Pace const& pace = claim.rule->pace;
    auto more_in = std::chrono::ceil<std::chrono::seconds>(pace.wait(claim.debt));
    verdict.all[verdict.count++] = {
        claim.policy, claim.rule->limit, pace.remaining(claim.debt), more_in
    };
    if (!granted && !pace.affords(claim.debt) && more_in > verdict.retry_after) {
      verdict.refused_by = claim.policy;
      verdict.retry_after = more_in;
    }
  }
  return verdict;
}

RateLimiter::Claims RateLimiter::claims_of(
    domain::KeyId const& key, std::optional<domain::TenantId> const& tenant, std::string_view tool
) const {
  Claims claims;
  std::uint64_t owner = owner_of(kOfKey, key.bytes());
  if (key_) claims.all[claims.count++] = {"key", &*key_, owner};
  if (tenant_ && tenant) {
    claims.all[claims.count++] = {"tenant", &*tenant_, owner_of(kOfTenant, tenant->bytes())};
  }
  if (Rule const* rule = rule_of(tool)) {
    claims.all[claims.count++] = {"tool", rule, owner_of(owner, tool)};
  }
  return claims;
}

bool RateLimiter::look(std::span<Claim> claims, Instant now) const {
  bool affordable = true;
  for (Claim& claim : claims) {
    claim.debt = buckets_.debt(claim.owner, now);
    affordable &= claim.rule->pace.affords(claim.debt);
  }
  return affordable;
}

bool RateLimiter::take_each(std::span<Claim> claims, Instant now) {
  for (std::size_t i = 0; i < claims.size(); ++i) {
    auto taken = buckets_.take(claims[i].owner, claims[i].rule->pace, now);
    claims[i].debt = taken.debt;
    if (taken.granted) continue;
    // Others were faster: what was taken until here is given back.
    for (Claim& earlier : claims.first(i)) {
      buckets_.give_back(earlier.owner, earlier.rule->pace);
      earlier.debt -= earlier.rule->pace.call;
    }
    return false;
  }
  return true;
}

RateLimiter::Rule const* RateLimiter::rule_of(std::string_view tool) const {
  if (tool.empty()) return nullptr;
  auto matches = [&](ToolRule const& rule) { return domain::matches_pattern(rule.tools, tool); };
  auto found = std::ranges::find_if(tools_, matches);
  return found == tools_.end() ? nullptr : &found->rule;
}

}  // namespace keystead::authz
